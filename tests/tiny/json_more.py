"""Sentences and fields for JSON extraction: training side only."""

FIELDS = {
    "weight": ("integer", "small", ("weighs {} kilos", "weight {}", "{} kg heavy", "{} kilos")),
    "height": ("integer", "int", ("is {} cm tall", "height {}", "{} centimetres high")),
    "sport": (
        "string",
        "~tennis,football,ice hockey,basketball,rowing,judo,table tennis,badminton,rugby,fencing,"
        "golf,volleyball,handball,karate,cricket,archery,swimming,cycling,boxing,surfing,water polo,"
        "gymnastics,baseball,skiing,curling",
        ("plays {}", "is into {}", "sport: {}"),
    ),
    "hobby": (
        "string",
        "~painting,fishing,knitting,chess,gardening,bird watching,pottery,baking,hiking,reading,"
        "singing,stamp collecting,photography,dancing,origami,model trains,astronomy,carving,sewing,"
        "climbing,juggling,camping,yoga,calligraphy",
        ("likes {}", "hobby: {}", "spends free time on {}"),
    ),
    "native_language": ("string", "language", ("speaks {} at home", "mother tongue {}", "native language {}")),
    "currency": ("string", "currency", ("pays in {}", "currency {}", "amounts in {}")),
    "dish": (
        "string",
        "~lentil soup,pancakes,fried rice,lasagna,fish and chips,tomato salad,beef stew,"
        "vegetable curry,sushi,roast chicken,ravioli,goulash,mushroom risotto,tacos,dumplings,"
        "potato gratin,ramen,paella,falafel,onion tart,pea soup,meatballs,pizza,noodle salad",
        ("ate {}", "dish {}", "meal: {}"),
    ),
    "drink": (
        "string",
        "~green tea,coffee,orange juice,lemonade,milk,hot chocolate,mineral water,apple cider,"
        "iced tea,mint tea,cola,ginger ale,tomato juice,espresso,coconut water,black tea,oat milk,"
        "grape juice,tap water,cocoa",
        ("drinks {}", "drink {}", "a glass of {}"),
    ),
    "fruit": (
        "string",
        "~apples,pears,cherries,plums,mangoes,bananas,grapes,figs,peaches,melons,kiwis,oranges,"
        "lemons,strawberries,blueberries,apricots,dates,papayas,limes,raspberries",
        ("likes {}", "fruit: {}", "a box of {}"),
    ),
    "vegetable": (
        "string",
        "~carrots,onions,leeks,peas,spinach,pumpkins,cabbage,beans,radishes,broccoli,potatoes,celery,"
        "beets,lettuce,turnips,peppers,cucumbers,garlic,kale,mushrooms",
        ("grows {}", "vegetable: {}", "a bag of {}"),
    ),
    "instrument": (
        "string",
        "~violin,piano,flute,trumpet,cello,drums,guitar,harp,clarinet,oboe,saxophone,accordion,banjo,"
        "organ,ukulele,trombone,harmonica,double bass,lute,tuba",
        ("plays the {}", "instrument {}", "practises the {}"),
    ),
    "animal": (
        "string",
        "~fox,ferret,hedgehog,zebra,wolf,penguin,giraffe,camel,lynx,badger,beaver,heron,dolphin,"
        "koala,panda,lion,sea turtle,bison,moose,squirrel,rhino,seal,tiger,snow leopard",
        ("animal {}", "species: {}", "saw a {}"),
    ),
    "company": (
        "string",
        "~Bluefin Labs,Northgate,Harbor and Sons,Pinewood Foods,Quartz Systems,Silver Fern,"
        "Brightwell,Red Kite Media,Oakline,Tallship Trading,Lumen Works,Cobalt Tools,Granite Bank,"
        "Maple Post,Kestrel Air,Sunbeam Toys,Delta Paper,Fable Press,Ironbridge,Meadow Dairy",
        ("works for {}", "company {}", "employed at {}"),
    ),
    "department": (
        "string",
        "~sales,marketing,finance,human resources,research,legal,logistics,support,design,purchasing,"
        "security,accounting,production,quality control,training,public relations,maintenance,"
        "engineering",
        ("in {}", "department: {}", "part of the {} team"),
    ),
    "street": (
        "string",
        "~Oak Street,Mill Lane,Harbor Road,Church Street,Station Road,Elm Avenue,King Street,"
        "Garden Way,Bridge Street,Rose Lane,Hill Road,Park Avenue,Market Square,River Walk,"
        "Canal Street,Maple Drive,Castle Road,Forest Path,School Lane,North Street",
        ("lives on {}", "street: {}", "address {}"),
    ),
    "phone": (
        "string",
        "~555-0134,555-0178,555-0101,555-0192,020-4471,030-9982,0171-22456,555-0155,040-1187,"
        "0664-7730,555-0147,06-3381,091-5520,555-0119,0451-883,077-6642,555-0126,012-3409",
        ("phone {}", "call {}", "number {}"),
    ),
    "room": ("integer", "small", ("in room {}", "room {}", "room number {}")),
    "floor": ("integer", "small", ("on floor {}", "floor {}", "level {}")),
    "seat": (
        "string",
        "~12A,3C,27F,8B,14D,21E,5A,30C,16B,9F,2D,18A,25E,11C,6D,33B",
        ("seat {}", "sits in {}", "place {}"),
    ),
    "gate": (
        "string",
        "~B12,A4,C7,D21,E3,F18,A15,B2,G9,C30,D5,E11,H6,B27",
        ("gate {}", "leaves from gate {}", "boarding at {}"),
    ),
    "flight": (
        "string",
        "~KL 204,BA 917,LH 33,AF 1180,QF 12,EK 506,SK 741,TP 88,AZ 640,LX 159,IB 302,DL 47,NZ 5,UA 2210",
        ("flight {}", "flies on {}", "flight number: {}"),
    ),
    "airline": (
        "string",
        "~Kestrel Air,Polar Wings,Sunline,Air Meridian,Blue Heron,Nordfly,Condor East,Jet Harbor,"
        "Sky Lantern,Trans Alpine,Coral Airways,Air Savanna,Gull Express,Silver Wing",
        ("flies with {}", "airline {}", "carrier: {}"),
    ),
    "origin": ("string", "city", ("from {}", "starts in {}", "origin {}")),
    "destination": ("string", "city", ("goes to {}", "destination {}", "bound for {}")),
    "distance": ("number", "number", ("{} km away", "distance {}", "{} kilometres")),
    "duration": ("integer", "small", ("takes {} minutes", "duration {}", "{} minutes long")),
    "speed": ("integer", "int", ("at {} km per hour", "speed {}", "drives {} kilometres an hour")),
    "temperature": ("integer", "small", ("{} degrees", "temperature {}", "it is {} degrees")),
    "humidity": ("integer", "level", ("humidity {}", "{} percent humidity", "air moisture of {} percent")),
    "weather": (
        "string",
        "~sunny,rainy,cloudy,foggy,windy,snowy,stormy,clear,misty,freezing,humid,mild,hot,icy,dry,chilly",
        ("it is {}", "weather: {}", "{} outside"),
    ),
    "score": ("integer", "level", ("scored {}", "score {}", "{} points")),
    "subject": (
        "string",
        "~history,biology,physics,algebra,geography,chemistry,drawing,Latin,economics,grammar,"
        "geometry,music,computing,literature,philosophy,statistics,civics,astronomy",
        ("studies {}", "subject: {}", "takes {}"),
    ),
    "teacher": ("string", "person", ("taught by {}", "teacher {}", "has {} as teacher")),
    "school": (
        "string",
        "~Hillside School,Oakwood College,Riverside Academy,Saint Anne,Lakeview School,"
        "Northfield College,Greenhill School,Harbor Academy,Westbrook School,Maple Grove,"
        "Stonebridge School,Sunnyside School,Kingsway College,Meadow School",
        ("goes to {}", "school: {}", "pupil at {}"),
    ),
    "doctor": ("string", "person", ("seen by {}", "doctor {}", "treated by {}")),
    "patient": ("string", "person", ("patient {}", "patient: {}", "patient's name {}")),
    "symptom": (
        "string",
        "~a dry cough,back pain,a high fever,a headache,a sore throat,dizziness,stomach ache,a rash,"
        "toothache,chest pain,a runny nose,knee pain,nausea,itchy eyes,a stiff neck,earache,chills,"
        "tiredness,swollen feet,muscle cramps",
        ("has {}", "symptom: {}", "suffers from {}"),
    ),
    "medicine": (
        "string",
        "~aspirin,ibuprofen,cough syrup,vitamin C,penicillin,eye drops,insulin,iron pills,nose spray,"
        "paracetamol,zinc,calcium,antacid,throat drops,magnesium,skin cream",
        ("takes {}", "medicine {}", "was given {}"),
    ),
    "dose": ("integer", "small", ("{} mg", "dose {}", "dose of {} milligrams")),
    "author": ("string", "person", ("by {}", "author {}", "written by {}")),
    "genre": (
        "string",
        "~crime,fantasy,romance,science fiction,horror,poetry,travel,comedy,drama,mystery,western,"
        "adventure,biography,satire,thriller,fairy tale,war,folk",
        ("genre {}", "kind: {}", "of the {} kind"),
    ),
    "pages": ("integer", "int", ("{} pages", "pages: {}", "is {} pages long")),
    "publisher": (
        "string",
        "~Fable Press,Red Lantern,Quill House,Seven Oaks,Inkwell,Paper Crane,Old Harbor Books,"
        "North Star,Blue Door,Hillcrest,Longship Books,Candle Press,Tern and Co,Wren Books",
        ("published by {}", "publisher {}", "from {}"),
    ),
    "movie": (
        "string",
        "~The Last Ferry,Silent Harbor,Two Moons,The Glass Tower,Winter Road,A Quiet River,"
        "Night Train North,The Clockmaker,Paper Boats,Golden Fields,The Lost Key,Beyond the Hill,"
        "Red Lantern Street,The Tall Ship,Snow on the Roof,Summer Without Rain",
        ("saw {}", "movie: {}", "film {}"),
    ),
    "director": ("string", "person", ("directed by {}", "director {}", "made by {}")),
    "song": (
        "string",
        "~Morning Rain,Blue Window,Long Way Home,Candle Light,Over the River,Stars Tonight,"
        "Empty Streets,Dancing Leaves,The Old Bridge,Winter Sun,My Little Boat,Hold the Line,"
        "Silver Bells,Green Valley,Run Away,Paper Moon",
        ("sings {}", "song: {}", "listens to {}"),
    ),
    "artist": ("string", "person", ("artist {}", "sung by {}", "performed by {}")),
    "team": (
        "string",
        "~the Falcons,the Red Wolves,River United,the Sharks,Hill Rovers,the Owls,City Stars,"
        "the Bears,Harbor Kings,the Comets,North Lions,the Rockets,Lake Tigers,the Hornets,"
        "Green Eagles,the Pirates",
        ("plays for {}", "team: {}", "member of {}"),
    ),
    "opponent": (
        "string",
        "~the Ravens,the Bulls,Valley United,the Foxes,East Rovers,the Panthers,the Storm,"
        "Mountain Goats,the Vikings,South Dragons,the Arrows,the Knights,Bay Dolphins,the Cobras",
        ("against {}", "opponent {}", "facing {}"),
    ),
    "role": (
        "string",
        "~goalkeeper,captain,defender,striker,coach,referee,midfielder,winger,substitute,playmaker,"
        "sweeper,centre back,scout,trainer",
        ("role: {}", "plays as {}", "is {}"),
    ),
    "goals": ("integer", "small", ("{} goals", "scored {} goals", "goals: {}")),
    "rank": ("integer", "small", ("rank {}", "in place {}", "came in at number {}")),
    "prize": (
        "string",
        "~a gold medal,a silver cup,a trip to the sea,a bicycle,a book voucher,a bronze medal,"
        "a basket of cheese,a new phone,a teddy bear,free tickets,a trophy,a scholarship,"
        "a box of chocolates,a tablet,a weekend in the mountains,a signed shirt",
        ("won {}", "prize: {}", "was awarded {}"),
    ),
    "material": (
        "string",
        "~wood,steel,cotton,glass,leather,wool,paper,clay,silk,marble,bamboo,copper,plastic,linen,"
        "rubber,stone,brass,velvet,concrete,tin",
        ("made of {}", "material: {}", "built from {}"),
    ),
    "shape": (
        "string",
        "~round,square,oval,triangular,flat,long,curved,rectangular,hexagonal,spiral,pointed,hollow,"
        "heart-shaped,star-shaped",
        ("shape {}", "is {}", "{} in form"),
    ),
    "size": ("string", "size", ("size {}", "in size {}", "comes in {}")),
    "discount": ("integer", "level", ("{} percent off", "discount {}", "reduced by {} percent")),
    "total": ("number", "number", ("total {}", "comes to {} in all", "sum of {}")),
    "order_id": (
        "string",
        "~A-1043,ORD-77,Z9921,B-2288,40417-X,PO-618,K-3005,W7712,ORD-452,M-90,C-1776,T55-3,R-8042,"
        "Q-219,H-6630,ORD-1009",
        ("order {}", "order number: {}", "reference {}"),
    ),
    "invoice": (
        "string",
        "~INV-204,2024-118,R-5531,F-0092,INV-871,RE-340,B-77-12,INV-6,N-4410,2023-905,INV-1138,K-208,RG-59,F-3317",
        ("invoice {}", "invoice number {}", "bill no. {}"),
    ),
    "customer": ("string", "person", ("customer {}", "ordered by {}", "client: {}")),
    "seller": ("string", "person", ("sold by {}", "seller {}", "bought from {}")),
    "manager": ("string", "person", ("manager {}", "reports to {}", "boss: {}")),
    "guests": ("integer", "small", ("{} guests", "for {} people", "party of {}")),
    "nights": ("integer", "small", ("{} nights", "stays {} nights", "nights: {}")),
    "hotel": (
        "string",
        "~Hotel Aurora,the Grand Palace,Seaside Inn,Hotel Lindgren,the Blue Anchor,Park View,"
        "the Golden Lion,Hotel Miramar,Alpine Lodge,the Old Mill,Hotel Europa,Sunset Beach,"
        "the White Swan,Hotel Central,Lake House,the Red Rooster",
        ("at {}", "hotel: {}", "stays in {}"),
    ),
    "restaurant": (
        "string",
        "~Bella Napoli,the Green Olive,Little Saigon,the Rusty Spoon,Casa Lola,Golden Wok,"
        "the Fish Hut,Chez Marie,Pepper and Salt,the Corner Table,Sakura,the Hungry Bear,"
        "Taverna Nikos,Curry Garden,the Copper Pot,Old Town Grill",
        ("eats at {}", "restaurant: {}", "table at {}"),
    ),
    "table": ("integer", "small", ("table {}", "sits at table {}", "table number {}")),
    "deadline": ("string", "date", ("due {}", "deadline {}", "to be done by {}")),
    "start_time": ("string", "time", ("starts at {}", "from {}", "begins {}")),
    "birthday": ("string", "date", ("born on {}", "birthday {}", "date of birth {}")),
    "weekday": (
        "string",
        "~Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday",
        ("on {}", "day: {}", "every {}"),
    ),
    "month": (
        "string",
        "~January,February,March,April,May,June,July,August,September,October,November,December",
        ("in {}", "month {}", "during {}"),
    ),
    "season": (
        "string",
        "~spring,summer,autumn,winter,the rainy season,harvest time,the dry season,early spring,late summer,midwinter",
        ("in {}", "season: {}", "during {}"),
    ),
    "project": (
        "string",
        "~Falcon,Blue Whale,Greenhouse,Lighthouse,Phoenix,Sandcastle,Northern Light,Compass,Honeybee,"
        "Riverbed,Tango,Monolith,Acorn,Waterfall,Marathon,Snowball",
        ("project {}", "works on {}", "assigned to {}"),
    ),
    "task": ("string", "task", ("has to {}", "task: {}", "to do: {}")),
    "priority": (
        "string",
        "~low,medium,high,urgent,normal,critical,minor,major,top,lowest",
        ("{} priority", "priority: {}", "rated {}"),
    ),
    "status": (
        "string",
        "~open,closed,pending,shipped,delivered,cancelled,in progress,done,on hold,approved,rejected,"
        "paid,overdue,waiting,returned,blocked",
        ("status {}", "is {}", "marked as {}"),
    ),
    "version": (
        "string",
        "~1.2,2.0.1,3.4,0.9,5.1.3,10.2,4.0,1.15,7.3.2,2.8,6.0.4,11.1,0.4.7,8.2",
        ("version {}", "release {}", "v{}"),
    ),
    "file": ("string", "file", ("file {}", "in {}", "saved as {}")),
    "error": (
        "string",
        "~disk full,time out,access denied,file not found,bad password,no network,out of memory,"
        "connection lost,wrong format,unknown user,empty reply,power failure,key expired,port in use,"
        "syntax error,checksum mismatch",
        ("error: {}", "failed with {}", "reports {}"),
    ),
    "server": (
        "string",
        "~mail-01,db-west,alpha,backup-3,web-12,cache-2,node-7,atlas,print-hub,gateway-5,orion,"
        "files-east,build-4,proxy-9,titan,edge-6",
        ("server {}", "on {}", "host: {}"),
    ),
    "port": ("integer", "int", ("port {}", "listens on {}", "port number {}")),
    "user": ("string", "word", ("user {}", "login {}", "account {}")),
    "reason": (
        "string",
        "~heavy snow,a strike,illness,a holiday,high costs,a broken engine,lack of staff,bad weather,"
        "a power cut,a flat tire,a family visit,a missing part,a lost key,road works,a wedding,"
        "a full diary",
        ("because of {}", "reason: {}", "due to {}"),
    ),
    "topic": ("string", "topic", ("about {}", "topic: {}", "on the subject of {}")),
    "event": (
        "string",
        "~concert,book fair,flower show,wedding,marathon,science night,jazz evening,charity run,"
        "chess tournament,film festival,picture exhibition,town meeting,dance class,flea market,"
        "cooking course,graduation,birthday party,quiz night",
        ("event: {}", "attends the {}", "going to the {}"),
    ),
    "venue": (
        "string",
        "~the town hall,Riverside Park,the old library,Arena North,the music school,Castle Garden,"
        "the harbor stage,Central Stadium,the village church,Rose Theatre,the city museum,Hall 4,"
        "the community centre,the barn,Lakeside Pavilion,the sports ground",
        ("at {}", "venue: {}", "takes place in {}"),
    ),
    "salary": ("integer", "int", ("earns {}", "salary {}", "paid {} a month")),
    "experience": ("integer", "small", ("{} years of experience", "experience {}", "has worked for {} years")),
    "degree": (
        "string",
        "~nursing,civil engineering,law,medicine,fine arts,psychology,marine biology,architecture,"
        "business,computer science,journalism,mathematics,education,pharmacy,forestry,theology",
        ("degree in {}", "graduated in {}", "degree: {}"),
    ),
    "plant": (
        "string",
        "~tulips,roses,a fig tree,basil,ferns,sunflowers,lavender,an olive tree,orchids,bamboo,"
        "daisies,a lemon tree,mint,ivy,cactus,jasmine,lilies,moss",
        ("planted {}", "plant: {}", "grows {}"),
    ),
    "population": ("integer", "int", ("{} inhabitants", "population {}", "home to {} people")),
    "capital": ("string", "city", ("capital {}", "capital city: {}", "governed from {}")),
    "continent": (
        "string",
        "~Africa,Asia,Europe,North America,South America,Antarctica,Australia,Oceania",
        ("in {}", "continent: {}", "part of {}"),
    ),
    "vehicle": (
        "string",
        "~truck,van,motorbike,tractor,bus,minibus,sports car,taxi,scooter,pickup,camper,bicycle,"
        "police car,fire engine,tram,cargo bike,limousine,jeep",
        ("drives a {}", "vehicle: {}", "arrived by {}"),
    ),
    "plate": (
        "string",
        "~KX 482 LM,B-TR 901,77-ZQ-12,HG 20 PLO,M-AB 334,9XRT 55,LD63 WKS,S 418 NV,ZH 55021,RT-19-KL,GHJ 207,W-8814 C",
        ("plate {}", "license plate {}", "registered as {}"),
    ),
    "fuel": (
        "string",
        "~petrol,diesel,electricity,natural gas,hydrogen,biogas,coal,wood pellets,ethanol,kerosene",
        ("runs on {}", "fuel: {}", "filled up with {}"),
    ),
    "battery": ("integer", "level", ("battery at {} percent", "battery {}", "{} percent charged")),
    "mood": (
        "string",
        "~happy,tired,nervous,angry,calm,bored,proud,lonely,excited,sad,curious,worried,cheerful,"
        "grumpy,relaxed,grateful",
        ("feels {}", "mood: {}", "is {}"),
    ),
    "relation": (
        "string",
        "~brother,sister,uncle,aunt,cousin,neighbour,grandmother,grandfather,nephew,niece,colleague,"
        "best friend,stepson,roommate,godmother,classmate",
        ("relation: {}", "is my {}", "my {}"),
    ),
    "nickname": ("string", "word", ("called {}", "nickname {}", "known as {}")),
    "brand": ("string", "word", ("brand {}", "made by {}", "brand name: {}")),
    "message": ("string", "phrase", ("message: {}", "says {}", "wrote {}")),
    "shop": (
        "string",
        "~the corner shop,Miller and Co,the Book Nook,City Bikes,Garden World,the Toy Box,"
        "Fresh Market,the Lamp House,Second Chance,Kitchen Corner,the Wool Basket,Sound and Vision,"
        "the Shoe Tree,Paper Planet,Tool Town,the Cheese Cellar",
        ("at {}", "shop: {}", "bought in {}"),
    ),
    "payment": (
        "string",
        "~credit card,cash,bank transfer,voucher,gift card,cheque,debit card,mobile phone,"
        "instalments,direct debit,coins,mail order",
        ("paid by {}", "payment: {}", "paying with {}"),
    ),
    "warranty": ("integer", "small", ("warranty {}", "{} months of warranty", "guaranteed for {} months")),
    "area": ("integer", "int", ("{} square metres", "area {}", "covers {} square metres")),
    "rooms": ("integer", "small", ("{} rooms", "rooms: {}", "has {} rooms")),
    "rent": ("integer", "int", ("rent {}", "costs {} a month", "monthly rent {}")),
    "children": ("integer", "small", ("{} children", "children: {}", "has {} kids")),
    "website": (
        "string",
        "~bluefin.example,oakline.example,toybox.example,readmore.example,freshfish.example,"
        "citybikes.example,lampshop.example,hillside.example,goodsoup.example,nightbus.example,"
        "woolbasket.example,mapleway.example",
        ("website {}", "see {}", "online at {}"),
    ),
}
SENTENCES = """
{name} weighs {weight} kilos. | The {color} {item} of {name} weighs {weight} kilos and costs {price} euros. |
At {age}, {name} still plays {sport} every week. | {name} plays {sport} for {team}. |
On {date} {team} met {opponent}, and {name} scored {goals} goals. |
Last night {team} beat {opponent} thanks to {goals} goals. | The coach, {name}, has led {team} since {year}. |
{name}, {role} of {team}, is {height} centimetres tall. | Nobody in {city} plays {sport} better than {name}. |
In {year} {name} won {prize} in {sport}. | {prize} went to {name} from {country}. |
For coming in at number {rank}, {name} received {prize}. |
{name} finished the race in {duration} minutes and took rank {rank}. | With {score} points, {name} leads the table. |
Final result: {team}, {score} points. | The match against {opponent} starts at {start_time} in {city}. |
Have you heard? {name} now plays for {team} as {role}. | My {relation} {name} loves {hobby}. |
My {relation} is called {name} and is {age} years old. |
In the evening {name} relaxes with {hobby} and a cup of {drink}. | {hobby} is what {name} does on every {weekday}. |
When it is {weather}, {name} stays home and drinks {drink}. |
It is {weather} in {city} and the thermometer shows {temperature} degrees. |
{city}: {weather}, {temperature} degrees, humidity {humidity} percent. | Weather for {weekday} in {city}: {weather}. |
In {season}, {city} is mostly {weather}. | The air in {city} holds {humidity} percent humidity this {weekday}. |
At {time} it was {temperature} degrees outside. | Station report, {date}: {temperature} degrees and {weather}. |
{name} ordered {dish} and {drink} at {restaurant}. | At {restaurant}, {dish} costs {price} euros. |
Table {table} wants {dish} and {drink}. | Please bring {quantity} portions of {dish} to table {table}. |
{restaurant} has a table for {guests} guests at {time}. | A party of {guests}, booked by {name}, arrives at {time}. |
Reservation for {name}: {guests} people, {date}, {time}. | The favourite dish of {name} is {dish}. |
Nothing tastes better to {name} than {dish}. | "I would like {dish}, please," said {name}. |
"Waiter, one {drink} for table {table}!" | We had {dish} at {restaurant} last {weekday}; the bill came to {total}. |
Bill for table {table}: {dish}, {drink}, total {total}. | Grandma grows {vegetable} and {fruit} behind the house. |
{name} picked {weight} kilos of {fruit} in {month}. | A box of {fruit} costs {price} euros at {shop}. |
Fresh {vegetable} today at {shop}, only {price} euros! |
In {month}, {name} sells {vegetable} on the market of {city}. | {name} hates {vegetable} but loves {fruit}. |
Shopping list: {quantity} kilos of {vegetable}, then {fruit} and {drink}. |
From {shop} we bought {fruit}, {vegetable} and some {drink}. | {name} has played the {instrument} since {year}. |
Every {weekday} at {time}, {name} practises the {instrument}. |
The {instrument} that {name} bought was made in {country}. | {artist} sang {song} in {city}. |
{song} by {artist} came out in {year}. | On the radio I heard {song}, performed by {artist}. |
"Whose song is {song}?" "It is by {artist}." | The {instrument} belongs to {name}, who lives on {street}. |
While {artist} sang {song}, {name} played the {instrument}. |
The new song of {artist}, {song}, lasts {duration} minutes. | Lost: a {color} {item}. Call {name} at {phone}. |
For sale: {item}, {color}, {price} euros. Phone {phone}. |
Found in {city} on {date}: a {color} {item} made of {material}. |
Wanted: {job} in {city}. Send your letter to {email}. |
Flat to let on {street}: {rooms} rooms, {area} square metres, rent {rent} euros. |
{rooms} rooms in {city}, {rent} euros a month, call {phone}. |
The house on {street} has {rooms} rooms and was built in {year}. |
{name} rents {rooms} rooms on {street} for {rent} euros a month. |
For {rent} a month, {name} lives on floor {floor} in {street}. |
Our new office covers {area} square metres on floor {floor}. |
Apartment with {rooms} rooms sought in {city}. {name}, {phone}. | {name} works for {company} in {city}. |
{company} was founded in {year} by {name}. | {name} joined {company} as {job} on {date}. |
At {company}, {name} earns {salary} euros a month. | The {department} department of {company} is led by {manager}. |
{name} from {department} reports to {manager}. | {manager} is the boss of {name} at {company}. |
After {experience} years at {company}, {name} moved to {city}. |
{name}, {job}, {experience} years of experience, degree in {degree}. |
With a degree in {degree}, {name} found work at {company}. |
{name} studied {degree} in {city} and graduated in {year}. |
Who leads {department}? That would be {manager}, room {room}. |
You will find {name} in room {room} on floor {floor}. | Room {room} is free from {start_time} on. |
{company} looks for a {job} with {experience} years of experience. |
Salary {salary}, start on {date}, apply to {email}. | The manager of {project} is {manager}. |
{project} must be finished by {deadline}. | {name} has to {task} before {deadline}. |
Task: {task}. Priority: {priority}. Owner: {name}. | Remember to {task} on {weekday} at {time}. |
{name} was asked by {manager} to {task}. | To do for {name}: {task}, {priority} priority, due {deadline}. |
The status of {project} is {status}. | Project {project} is {status} because of {reason}. |
Because of {reason}, {project} is late; the new deadline is {deadline}. | As of {date}, {project} is {status}. |
{name} leads {project}, which has {priority} priority. | Ticket {order_id} is {status}. |
Order {order_id} from {customer} was {status} on {date}. |
{customer} ordered {quantity} pieces of {item} for {price} euros each. |
Order {order_id}: {quantity} x {item}, total {total}. | {customer} paid {total} by {payment}. |
Invoice {invoice} for {customer} comes to {total} euros. | Invoice {invoice} is due on {deadline}. |
Please pay invoice {invoice} by {payment} before {deadline}. | We sent invoice {invoice} to {email} on {date}. |
{seller} sold a {color} {item} to {customer} for {price} euros. | {customer} bought a {item} from {seller}. |
A {item} of {material} was bought by {customer} at {shop}. |
With {discount} percent off, the {item} costs {price} euros. |
This {weekday} only: {discount} percent off every {item} at {shop}! |
The {item} comes in {color} and in size {size}. | {name} needs the {item} in {size}, preferably {color}. |
{brand} makes a {item} out of {material}. | The {brand} {item} carries {warranty} months of warranty. |
{warranty} months of warranty come with the {item} from {brand}. | The {shape} {item} is made of {material}. |
A {color}, {shape} {item} stood on the table. | Made of {material} and {color}, the {item} weighs {weight} kilos. |
The price of the {material} {item} was lowered to {price}. |
Flight {flight} to {destination} leaves from gate {gate} at {time}. | {name} sits in seat {seat} on flight {flight}. |
{airline} flies from {origin} to {destination} every {weekday}. |
From {origin} to {destination} it is {distance} kilometres. |
The train from {origin} to {destination} takes {duration} minutes. | Flight {flight} is delayed because of {reason}. |
Owing to {reason}, {airline} cancelled flight {flight}. | Passenger {name}, seat {seat}, please come to gate {gate}. |
Last call for {destination}: gate {gate}, flight {flight}. |
{name} is flying to {destination} with {airline} on {date}. |
A ticket from {origin} to {destination} costs {price} euros. |
On {date} {name} left {origin} and drove to {destination}. | The bus to {destination} leaves {origin} at {time}. |
{destination} lies {distance} km from {origin}. | {name} stays at {hotel} for {nights} nights. |
{hotel} in {city} has a free room for {nights} nights. | Guest {name}, room {room}, {nights} nights from {date}. |
For {nights} nights at {hotel} we paid {total} euros. | We spent {nights} nights in {city} and slept at {hotel}. |
At {hotel}, breakfast begins at {start_time}. |
Dear {hotel}, please keep a room for {guests} people on {date}. Regards, {name} | {patient} has {symptom}. |
{patient} came to {doctor} with {symptom}. | Doctor {doctor} gave {patient} {dose} mg of {medicine}. |
For {symptom}, {doctor} recommends {medicine}. | {patient}, {age}, complains of {symptom}. |
Patient {patient} takes {dose} mg of {medicine} at {time}. | {medicine}, {dose} mg, for {patient}. |
{symptom} kept {patient} awake, so {doctor} was called. |
Appointment with {doctor} on {date} at {time}, room {room}. | {patient} will see {doctor} on {weekday}. |
Since {month}, {patient} has suffered from {symptom}. | {name} goes to {school} and likes {subject} best. |
{teacher} teaches {subject} at {school}. | In {subject}, {name} got {score} points. |
The {subject} lesson starts at {start_time} in room {room}. | {name} learns {subject} from {teacher}. |
On {weekday} there is no {subject}, because {teacher} is ill. | {school} in {city} has a new teacher, {teacher}. |
{score} points in {subject}: well done, {name}! | The test in {subject} is on {date}. |
{name} is {age} and a pupil at {school}. | {title} was written by {author}. | {author} wrote {title} in {year}. |
{title} by {author} has {pages} pages. | {publisher} will publish {title} in {month}. |
{title}, {genre}, {pages} pages, {publisher}. |
The new book by {author} is {pages} pages long and costs {price} euros. | {name} is reading {title} by {author}. |
The {genre} novel {title} came out in {year}. | Have you read {title}? {author} wrote it. |
{author} signs {title} at {shop} on {date}. | {movie} was directed by {director}. |
{director} made {movie} in {year}. | {movie} runs for {duration} minutes. |
We saw {movie}, a {genre} film by {director}. | {movie} starts at {start_time} on {weekday}. |
{name} gave {movie} {score} points out of a hundred. | The {event} takes place at {venue} on {date}. |
{event} at {venue}, {start_time}, tickets {price} euros. | {guests} people came to the {event} at {venue}. |
{name} invites you to the {event} on {date}. | Come to the {event}! {venue}, {date}, {start_time}. |
The {event} in {city} was moved to {date} because of {reason}. | At the {event}, {name} spoke about {topic}. |
{name} will give a talk on {topic} at {venue}. | A talk about {topic} begins at {time} in room {room}. |
{name} wrote to {email} about {topic}. | {user} logged in on {server} at {time}. | {time} {server} error: {error} |
[{date} {time}] {server}: {error} | Server {server} listens on port {port}. | Port {port} on {server} is {status}. |
User {user} could not open {file}: {error}. | {file} was saved by {user} on {date}. |
Backup of {file} to {server} failed with {error}. | {server} runs version {version}. |
Version {version} was released on {date}. | {user} uploaded {file} to {server}. |
After the update to version {version}, {server} reports {error}. | login user={user} host={server} port={port} |
The file {file} belongs to {user}. | {date}: {user} removed {file}. |
At {time} the battery of {name}'s phone was at {battery} percent. |
Battery {battery} percent, speed {speed} km per hour. | The {vehicle} of {name} runs on {fuel}. |
{name} drives a {color} {vehicle} with the plate {plate}. |
A {color} {vehicle}, plate {plate}, was stolen on {street}. |
The {vehicle} was caught at {speed} kilometres per hour on {street}. |
{plate} was driving {speed} km per hour at {time}. | Police in {city} look for a {color} {vehicle}. |
The {vehicle} from {year} runs on {fuel} and costs {price} euros. |
{name} sold the {vehicle} for {price} and walks now. |
With {fuel} in the tank, the {vehicle} reached {speed} km per hour. |
The {animal} in the zoo of {city} weighs {weight} kilos. | A {animal} was seen near {city} on {date}. |
In {season}, the {animal} is easy to see in {country}. | The {animal} lives in {continent}. |
{name} photographed a {animal} in {country}. | {name} looks after the {animal} at the zoo. |
How old is the {animal}? It turned {age} in {month}. | {name} has a {pet} and {children} children. |
The {pet} of {name} is {age} years old. | {name} walks the {pet} at {time} every day. |
In {season} {name} planted {plant}. | {plant} grow well in {season}, says {name}. |
My {relation} planted {plant} in {month}. | {country} lies in {continent}; its capital is {capital}. |
The capital of {country} is {capital}. | {capital}, capital of {country}, has {population} inhabitants. |
{city} has {population} inhabitants and lies in {country}. | {population} people live in {city}. |
In {year}, {city} counted {population} people. | In {country} people pay in {currency}. |
{name} changed money into {currency} in {city}. | {name} speaks {native_language} at home. |
{name} comes from {country} and speaks {native_language}. |
Born in {city}, {name} grew up speaking {native_language}. | The birthday of {name} is {birthday}. |
{name} was born on {birthday} in {city}. | {name}, born {birthday}, lives in {country}. |
Mother of {children} children, {name} works as a {job}. | {name} is {height} cm tall and weighs {weight} kilos. |
{weight} kilos, {height} centimetres: those are the measures of {name}. | Friends call {name} {nickname}. |
{name}, known as {nickname}, is our new {job}. | Everybody says {nickname}, but the real name is {name}. |
{name} feels {mood} today. | On {weekday} {name} was {mood}. |
Dear diary, today I am {mood}. It was {weather} all day. | Because of {reason}, {name} is {mood}. |
{name} was {mood} when my {relation} and the {pet} came home. | {name} left a message: {message}. |
Message from {name} at {time}: {message} | {name} wrote "{message}" to {email}. | "{message}," said {name}. |
A note saying "{message}" was found in room {room}. | See {website} or call {phone}. |
{company} can be found at {website}. | Order the {item} at {website} for {price} euros. |
{shop}, {street}, {city}, phone {phone}. | {shop} on {street} sells {item} and {fruit}. |
{shop} opens at {time} on {weekday}. | You can pay by {payment} at {shop}. |
{name} paid {price} euros for the {item} by {payment}. | Receipt: {item}, {price}, paid by {payment}. |
RECEIPT {shop} {date} {item} {price} | Qty {quantity}, {item}, {price} each, total {total} |
{quantity} pieces of {item} at {price} make {total}. | Customer: {customer}. Item: {item}. Amount: {quantity}. |
Name: {name}. Age: {age}. City: {city}. | Name {name}, born {birthday}, phone {phone}. | {name} / {age} / {city} |
{name} - {job} - {company} | {name} ({age}), {job}, {city} | {name}; {email}; {phone} | Contact: {name}, {email} |
Write to {email} if you want the {item}. | You can reach {name} at {phone} or {email}. |
The number of {name} is {phone}. | {phone} is the number to call for {company}. |
{name} moved from {origin} to {destination} in {year}. | In {month}, {name} will leave {origin} for {destination}. |
{name} lives on {street} in {city}. | Please send the {item} to {name}, {street}, {city}. |
The parcel for {name} on {street} is {status}. | The parcel weighs {weight} kilos and goes to {destination}. |
Parcel {order_id} left {origin} on {date} and is now {status}. | Your order {order_id} will arrive on {date}. |
Where is order {order_id}? It is {status}. | {customer} asks about order {order_id}. |
Customer {customer} sent the {item} back because of {reason}. | Hello, my name is {name} and I come from {city}. |
Hi, I'm {name}, {age} years old, and I love {hobby}. | I am {name}. My {relation} works as a {job} in {city}. |
My name is {name}; you can write to me at {email}. | I bought a {item} for {price} euros in {city}. |
I have a {color} {item} that I would sell for {price}. | We live in {city}, and our {pet} is {age} years old. |
I play the {instrument} and my {relation} plays {sport}. | I need {quantity} of the {item} by {deadline}. |
I paid {price}, but the {item} never came. | I will be in {city} on {date}. | We meet at {venue} at {time}. |
Let us meet on {weekday} at {time} at {restaurant}. | Do not forget: {event}, {weekday}, {time}. |
Can you come to {venue} on {date}? Bring the {item}. | Did you know that {name} speaks {native_language}? |
Is {name} really {age}? | Was it {name} who bought the {item} for {price} euros? |
Who bought the {color} {item}? It was {name}. | How tall is {name}? Exactly {height} centimetres. |
When does the {event} begin? At {start_time}. | "How old are you, {name}?" "I am {age}." |
"Where do you live?" "On {street} in {city}," answered {name}. |
"What does the {item} cost?" asked {name}. "{price} euros." | "Which colour?" "{color}." "How many?" "{quantity}." |
A: Who is the new {job}? B: {name} from {city}. | A: When do we meet? B: On {date} at {time}. |
Agent: Your order number? Customer: {order_id}. Agent: And your name? Customer: {name}. |
Clerk: Which seat? {name}: {seat}, please. | Teacher: {name}, what did you get in {subject}? Pupil: {score} points. |
Doctor: What is wrong? {patient}: I have {symptom}. |
Guest: A room for {nights} nights, please. Clerk: That is {total} euros. |
{city}, {date}. Dear {name}, thank you for the {item}. |
Dear {name}, your invoice {invoice} over {total} is {status}. |
Dear {customer}, the {item} you ordered costs {price} euros. | Hello {name}, your flight {flight} leaves at {time}. |
Hi {name}, can you {task} by {deadline}? Thanks, {manager} | To: {email}. Subject: {topic}. See you on {date}. |
From {email}: please {task} today. | Subject: {event}. We start at {start_time} in room {room}. |
{city} - A {job} from {country} won {prize} on {weekday}. |
News from {city}: {name} becomes {job} of the year {year}. | {company} opens a shop in {city} in {month}. |
{company} lowers the price of the {item} by {discount} percent. |
{company} moves from {origin} to {destination} in {year}. |
Fire on {street}: {children} children were brought to safety. |
After {reason}, the road from {origin} to {destination} is closed. |
{name}, the {job} who saved a {animal}, was given {prize}. | At the age of {age}, {name} of {city} has won {prize}. |
Scientists in {country} counted a {animal} every {duration} minutes. |
An old {item} made of {material} was found in {city}. |
A {material} {item} from the year {year} was sold for {price} euros. |
Thieves took a {color} {item} from {shop} on {date}. | {date}. Bought a {item} for {price}. Felt {mood}. |
{weekday}, {weather}, {temperature} degrees. {name} came at {time}. |
Day {rank} of the trip: we reached {city}, {distance} km on foot. |
Today {name} and I cooked {dish}. We drank {drink}. | Got up at {time}, ate {dish}, went to {school}. |
This morning at {time} I saw a {animal}. | In {month} I want to learn {subject}. |
My year {year}: I lived in {city} and worked as a {job}. | It was {name} who ordered the {dish}. |
It is in {city} that {name} bought the {item}. | What {name} likes most is {hobby}. |
What {customer} needs is a {item} in {color}. | The one who lives on {street} is {name}. |
The person you look for is {name}, {job}, {age} years old. | The {item}, which is {color}, costs {price} euros. |
The {item} that {name} acquired in {year} is made of {material}. | The {job} who lives in {city} is called {name}. |
The woman whose {pet} ran away is {name}. | The man in seat {seat} is {name}. |
The city where {name} was born is {city}. | The day on which we meet is {date}. |
The book that {name} reads is {title}. | The company that hired {name} is {company}. |
The team for which {name} plays is {team}. | The room in which {name} sleeps is {room}. |
The language that {name} speaks at home is {native_language}. |
The {item} was sold to {name} for {price} euros on {date}. | The {item} was ordered on {date} by {customer}. |
The {item} has been paid by {payment}. | {quantity} pieces of {item} were delivered to {city}. |
{prize} was given to {name} in {city}. | {dish} was cooked by {name} for {guests} guests. |
{movie} was shown at {venue} on {date}. | {song} was played {quantity} times on {weekday}. |
The bill of {total} euros was paid by {name}. | The {event} was opened by {name} at {start_time}. |
{file} was sent to {email} by {name}. | The {vehicle} was repaired for {price} euros in {city}. |
The meeting about {topic} was moved to {date}. | The house was built of {material} in {year}. |
The ticket was booked by {name} for {price}. | {patient} was treated by {doctor} on {date}. |
{name} was hired by {company} in {year}. | In {city}, on {street}, lives {name}. |
In {year}, at the age of {age}, {name} moved to {country}. |
With {children} children and a {pet}, {name} is always busy. |
Under the name {nickname}, {name} became known in {country}. | For {price} euros, {name} got a {color} {item}. |
Near {city}, at a speed of {speed} km per hour, a {vehicle} lost a wheel. |
On floor {floor}, in room {room}, works {name}. | From {company} comes a {item} of {material} for {price}. |
By {deadline}, {name} must {task}. | After {duration} minutes, {name} scored for {team}. |
Before {time}, nobody may enter room {room}. | Until {date}, the {item} costs only {price} euros. |
During {season}, {hotel} is full. | Without {medicine}, {patient} cannot sleep because of {symptom}. |
Despite {reason}, the {event} took place at {venue}. | Thanks to {name}, project {project} is {status}. |
According to {name}, it was {temperature} degrees in {city}. | As a {job}, {name} earns {salary} a month. |
Like many in {country}, {name} speaks {native_language}. | If it is {weather} on {weekday}, we go to {venue}. |
If you want the {item}, call {name} at {phone}. | When {name} was {age}, the family moved to {city}. |
When the battery is at {battery} percent, {name} gets {mood}. | While {name} was in {city}, the {pet} slept. |
Since {name} turned {age}, {hobby} has been the main hobby. |
Although the {item} costs {price} euros, {name} bought it. | Although it was {weather}, {guests} guests came. |
As soon as {name} reached {destination}, it was {weather}. | Once a {job}, {name} is now {role} of {team}. |
{name} bought a {item} because the old one was {color}. | {name} is {age}, so school at {school} has begun. |
{name} is {mood}, for {team} won with {goals} goals. | {name} lives in {city} but works in {destination}. |
{name} likes {fruit}, whereas {teacher} likes {vegetable}. | {name} neither eats {vegetable} nor drinks {drink}. |
{name} not only plays the {instrument} but also speaks {native_language}. |
Both {fruit} and {vegetable} are sold at {shop}. | {name} chose {drink} over tea and {dish} over soup. |
Neither {reason} nor rain could stop the {event} in {city}. | {name} is a {job}. She lives in {city}. She is {age}. |
{name} is from {country}. He is {age} years old and works as a {job}. |
Meet {name}. At {age}, this {job} from {city} has a {pet}. |
There is a {color} {item} in room {room}. It belongs to {name}. |
There was a {event} in {city} last {weekday}. About {guests} people came. |
The {item} is {color}. It costs {price} euros. It weighs {weight} kilos. |
The flight is {flight}. The gate is {gate}. The seat is {seat}. |
The order is {status}. It holds {quantity} pieces of {item}. | My phone number is {phone}. My street is {street}. |
We saw {movie}. It was made by {director} in {year}. |
The book is called {title}. It has {pages} pages and was written by {author}. |
The hotel is {hotel}. We stay {nights} nights. It costs {total} euros. |
The patient is {patient}. The doctor is {doctor}. The symptom is {symptom}. |
The team is {team}. The opponent is {opponent}. The match is on {date}. |
The server is {server}. The error is {error}. | The car is {color}. Its plate is {plate}. |
He plays {sport}. His name is {name}. His team is {team}. | She was born on {birthday}. Her name is {name}. |
They arrived in {city} at {time}. The weather was {weather}. | I saw {name} on {street}. It was {time}. |
You owe {name} {price} euros. Pay by {deadline}. |
You have {quantity} pieces of {item} in your basket. The total is {total}. |
Your seat is {seat}, your gate is {gate}. | Your table is number {table}. Your order: {dish}. |
Your password for {server} ends on {date}, {user}. | Your appointment with {doctor} is on {date} at {time}. |
Your parcel of {weight} kilos is {status}. | Your {item} is ready at {shop}. | Our {job} is {name}; call {phone}. |
Our team {team} has a new {role}: {name}. | Our school, {school}, has won {prize}. |
Our guest today is {author}, who wrote {title}. | Our price for the {item} is {price} {currency}. |
Buy {quantity} of {item} and save {discount} percent! | Buy now: {brand} {item}, {size}, {color}, {price} euros. |
New at {shop}: the {item} by {brand} for {price}. | Sale! {item} in {size}, {discount} percent off until {date}. |
Wanted: {instrument}, used, up to {price} euros. {email} | To give away: a {pet}, {age} years old, in {city}. |
Missing since {date}: a {pet}. Last seen on {street}. |
Learn {subject} with {teacher}! Lessons on {weekday} at {time}. |
Learn to play the {instrument} at {school}, {price} euros an hour. |
Holiday in {country}: {nights} nights at {hotel} for {price} euros. |
Fly with {airline} to {destination} for {price}! |
Help wanted at {restaurant}: {weekday}, {start_time}, call {phone}. |
Hall for {guests} guests to let in {city}, {price} a day. | Join {team}! We play {sport} on {weekday}. |
Visit {venue} in {season}: entry {price} euros. | INFO {time} user {user} opened {file} |
WARN {server} battery {battery} percent | ERROR {error} on {server} port {port} | {date} {time} {user} {status} |
{server} up, version {version}, port {port} | job {order_id} {status} after {duration} minutes |
sensor {city}: {temperature} degrees, {humidity} percent | build of {project} version {version}: {status} |
{user} changed {file} on {date}, reason: {reason} | upload {file} from {user} {status} |
{time} gate {gate} flight {flight} to {destination} {status} | {plate} {speed} km per hour {time} {street} |
note to self: {task} on {weekday} | note: {name} allergic, has {symptom}, sees {doctor} |
call {name}, {phone}, about {topic} | buy {fruit}, {vegetable} and {drink} at {shop} |
meeting {date} {time} room {room} topic {topic} | {name} birthday {birthday}, wants a {item} |
dinner {restaurant} {time} {guests} people | dentist {date} {time}, {street} |
return the {item} to {shop}, paid {price} | {name} owes me {price} {currency} |
flight {flight}, seat {seat}, gate {gate} | lunch with {name} at {restaurant}, {weekday} {time} |
rent {rent} due {deadline} | {team} against {opponent}, {date}, {start_time} | {movie}, {director}, {year} |
{title}, {author}, {pages} pages | {song}, {artist}, {year} | {item}, {size}, {color}, {price} |
{medicine} {dose} mg {time} | {city} {temperature} degrees {weather} |
{origin} to {destination}, {distance} km, {duration} minutes |
{name}, {degree}, {experience} years, {salary} a month | {country}, capital {capital}, population {population} |
{school}, {subject}, {teacher}, room {room} | {hotel}, {city}, {nights} nights, {guests} guests |
{project}: {task}, {priority}, {deadline} | {event}, {venue}, {date}, {price} euros |
{customer}, {order_id}, {total}, {payment} | {vehicle}, {fuel}, {color}, {plate} |
Profile: {name}, {height} cm, {weight} kg, {sport} | Profile of {name}: {job}, {hobby}, {city} |
Member {user}: name {name}, email {email} | Recipe: {dish}, {duration} minutes, for {guests} people |
Menu of the day: {dish} with {drink}, {price} euros | Stock: {item}, {quantity} left, made of {material} |
Timetable: {subject}, {weekday}, {start_time}, {teacher} | Delivery: {item} to {street}, {city}, on {date} |
Booking: {name}, {hotel}, {date}, {nights} nights | Guest list: {name}, table {table}, seat {seat} |
Weather log: {date}, {weather}, {temperature} degrees | Report: {patient}, {symptom}, {medicine}, {dose} mg |
Ticket: {event}, seat {seat}, {price} euros | Review of {restaurant}: {dish} was good, {score} points. |
Review: {title} by {author} made me {mood}. | Review of the {item} by {brand}: {score} points, too {shape} for me. |
Review of {hotel}: {score} points; room {room} was cold. |
Review: {movie} is a fine {genre} film of {duration} minutes. |
{name} acquired a {item} for {price} euros in {year}. | {name} purchased {quantity} of the {item} at {shop}. |
{name} picked up a {color} {item} from {seller} for {price}. | {name} exchanged the {item} for one in {size}. |
{name} gave away the {item} and kept the {pet}. | {name} lent {price} {currency} to {seller} on {date}. |
{name} spent {total} euros on {fruit} and {vegetable}. | {name} sold {quantity} boxes of {fruit} in {month}. |
{name} rented a {vehicle} in {city} for {price} euros a day. | {name} repaired the {item} in {duration} minutes. |
{name} built a {shape} {item} out of {material}. | {name} painted the {item} {color} on {weekday}. |
{name} found a {item} on {street} and called {phone}. | {name} dropped the {item} at {time} in {city}. |
{name} forgot the {item} on seat {seat} of the {vehicle}. |
{name} traded in the {vehicle} and got {price} {currency} for it. |
{name} cooked {dish} for {guests} people on {weekday}. | {name} tasted {dish} for the first time in {country}. |
{name} ran {distance} km in {duration} minutes. | {name} drove {distance} kilometres to see a {animal}. |
{name} swapped seat {seat} with {teacher}. | {name} took {medicine} against {symptom} at {time}. |
{name} asked for a room on floor {floor} of {hotel}. | {name} waited {duration} minutes at gate {gate}. |
{name} missed flight {flight} because of {reason}. | {name} booked {nights} nights at {hotel} and paid by {payment}. |
{name} will {task} on {date}. | {name} promised to {task} before {time}. | {name} must not forget to {task}. |
{name} teaches {subject} in {city} and has {experience} years of experience. |
{name} became {role} of {team} in {month}. | {name} left {company} in {year} because of {reason}. |
{name} founded {company} at the age of {age}. | {name} runs {shop} on {street}. |
{name} signed invoice {invoice} on {date}. | {name} renamed {file} and sent it to {server}. |
{name} has {quantity} pieces of {item} in {color} for sale. | {name} keeps {plant} and a {pet} in {city}. |
{name} dreams of a {vehicle} that runs on {fuel}. | {name} has {rooms} rooms and {children} children. |
{name} knows all about {topic}. | {name} wants to talk about {topic} with {teacher} on {weekday}. |
{name} grew up in {country}, where people pay in {currency}. | {name} is the {relation} of {teacher}. |
{name} is {rank} years older than the {pet}. | {name} is on holiday in {destination} until {date}. |
{name} is staying in room {room} of {hotel} with {children} children. |
{name} is in {department}, and {manager} is the boss there. | {name} is writing a {genre} story called {title}. |
{name} is waiting at {restaurant}, table {table}. | Only {name} from {city} speaks {native_language} here. |
Even {name}, who is {mood}, came to the {event}. | Maybe {name} will sell the {vehicle} for {price}. |
Yesterday at {time}, {name} phoned about order {order_id}. | Tomorrow {name} turns {age}. |
Next {weekday}, {name} flies with {airline} to {destination}. |
Every {weekday} the {item} at {shop} is {discount} percent cheaper. |
Each {month}, {company} pays {name} {salary} euros. | Two of us live on {street}: {name} and {teacher}. |
Just {duration} minutes from {city}: {hotel}, {price} euros a night. |
About {population} people speak {native_language} in {country}. | Nearly {population} people live in {capital}. |
Some say the {animal} of {country} can run at {speed} km per hour. |
A {vehicle} can carry {quantity} boxes of {fruit}. | A cup of {drink} at {restaurant} costs {price} {currency}. |
A kilo of {vegetable} was sold for {price} in {month}. | A job as a {job} in {country} pays {salary} a year. |
A new {instrument} from {brand} was delivered to {school}. | A letter from {name}, dated {date}, speaks of {topic}. |
A storm hit {city} at {time}; it was {temperature} degrees. |
A visit to {venue} costs {price} euros and takes {duration} minutes. |
A stranger in {city} gave {name} a {item} of {material}. |
All {quantity} seats on the {vehicle} to {destination} are taken. | That {item} was made by {brand} in {year}. |
That the {item} costs {price} euros did not please {name}. | This {item} is {shape}, {color} and made of {material}. |
This message was sent by {user} at {time}: {message} | These {fruit} come from {country} and cost {price} euros. |
Those who want to {task} should ask {name}. | Here lives {name} with a {pet} and {plant}. |
Here is your {item}, {name}. That makes {price} euros. | Please tell {name} that the {event} starts at {start_time}. |
Please {task} and write to {email}. | Please give {patient} {dose} mg of {medicine}. |
Please book flight {flight} for {name} on {date}, seat {seat}. | Please reserve table {table} for {name} at {time}. |
Please change my address to {street}, {city}. Signed, {name} | Please note that {restaurant} is closed on {weekday}. |
Please deliver {quantity} of {item} in {color} to {street}. |
Please cancel order {order_id}; the reason is {reason}. | Send {name} a {item} for the birthday on {birthday}. |
Ask {name} in room {room} for the {item}. | Take {dose} mg of {medicine} when you have {symptom}. |
Take the {vehicle} to {destination} at {time}. | Meet me at {venue} at {time} and bring {fruit}. |
Do you sell the {item} in {size} and {color}? | Do you have a table for {guests} on {weekday} at {time}? |
Does {name} still live on {street}? | Does the {item} by {brand} really cost {price} euros? |
Did {patient} take {medicine} at {time}? | Did {team} win against {opponent} on {date}? |
Has invoice {invoice} over {total} euros been paid? | Have {quantity} of the {item} arrived in {city}? |
Will {name} be in {city} on {date}? | Why is {name} {mood}? Because of {reason}. |
Where does {name} work? At {company}, in {department}. | What is the capital of {country}? It is {capital}. |
Which instrument does {name} play? The {instrument}. | Who sings {song}? {artist} does. |
Who wrote {title}? {author}, in {year}. | "My {pet} is {age}," said {name} proudly. |
"I bought it for {price} at {shop}," {name} told me about the {item}. |
"We leave at {time}," said {name}, "and we take the {vehicle}." | "{name} is {mood}," my {relation} whispered. |
"Is this seat {seat}?" "No, it is the one of {name}." | "You must {task}," {manager} told {name}. |
"See you at {venue} on {weekday}," wrote {name}. | "What do you do?" "I am a {job} at {company}." |
"What would you like?" "{dish} and {drink}." "That is {total}." | "When were you born?" "On {birthday}, in {city}." |
"Which floor?" "Floor {floor}, room {room}," said {name}. | "How far is it to {destination}?" "{distance} km." |
{name}: the server {server} is down. {user}: I see {error} too. |
{name}: shall we eat {dish}? {teacher}: yes, at {time}. |
Caller: I have {symptom}. Nurse: Doctor {doctor} is free at {time}. |
Seller: {price} euros for the {item}. Buyer: I pay by {payment}. |
{city} in {month}: {weather}, with {temperature} degrees at noon. |
{city} in {year}: {population} people, {distance} km from the sea. |
{color} {item}, {material}, size {size}, made in {country} |
{brand} {item} with {warranty} months of warranty, paid on {date} |
{discount} percent off {title} by {author}, only on {weekday}. |
{temperature} degrees, {weather}: a good day for {sport}. | {quantity} x {drink} at {price} for table {table} |
{date}, {time}: {patient} in room {room}, {symptom}. | {price} euros is what {name} paid for the {item}. |
{age} years is how old {name} is. | {email} belongs to {name}, and {phone} too. |
{street}, {city}: that is where {name} lives. | {sport} is the sport, {team} is the team, {name} is the {role}. |
{hobby} and {sport} are what keep {name} {mood}. | {score} points were enough for rank {rank} in {event}. |
{year} was the year in which {name} bought the {item}. | {manager} told {department} to {task} by {deadline}. |
{doctor}, who works in {city}, treats {symptom} with {medicine}. |
{seller} wants {price} for the {vehicle}, plate {plate}. | {author} lives in {country} and writes {genre}. |
{artist} and {team} come to {city} on {date}. | {director} won {prize} for {movie}. |
{teacher} came to {school} {experience} years ago. |
{guests} guests, {nights} nights, {total} euros: that is the offer of {hotel}. |
{origin} is cold, {temperature} degrees; {destination} is {weather}. | {plant} and {vegetable} grow behind {school}. |
{website} sells the {item} in {color} for {price} {currency}. | {version} of {project} comes out on {date}. |
{nickname} won with {score} points and got {prize}. | {company} sells the {item} of {brand} in {country}. |
{opponent} lost, {team} got {goals} goals, and {name} was {mood}. |
{country} has {population} inhabitants and uses {currency}. |
{continent} is home to the {animal}, {country} to {name}. |
{weekday} at {start_time}: {event}. Place: {venue}. Fee: {price}. |
{reason} made {name} sell the {item} to {customer}.
"""
ASKS = """
{text} Give me {keys} as JSON. | {text}⏎Return JSON with {keys}. | {text}⏎⏎Extract {keys} as JSON. |
Extract {keys} from this text as JSON: {text} | Extract {keys}. Text: {text} Format: JSON |
Turn this into JSON with the keys {keys}: {text} |
Make a JSON object with {keys} out of the following sentence.⏎{text} | What are {keys} here? Answer in JSON.⏎{text} |
{text} What are {keys}? Reply as JSON. | JSON please, keys {keys}: {text} | JSON with {keys}.⏎{text} |
As JSON ({keys}): {text} | From "{text}" take {keys} and write them as JSON. |
In "{text}", find {keys}. Output JSON only. | Read this: {text} Then write {keys} as a JSON object. |
Read the note and fill in {keys} as JSON.⏎Note: {text} | Note: {text}⏎JSON fields: {keys} |
Fields: {keys}⏎Text: {text}⏎JSON: | Keys: {keys}⏎Sentence: {text}⏎Answer with JSON. |
Text: {text}⏎Keys: {keys}⏎Output: JSON | Input: {text}⏎Wanted: {keys}⏎Format: JSON |
I need {keys} as JSON from this: {text} | I need a JSON object. It should hold {keys}. Here is the text: {text} |
I would like {keys} in JSON. {text} | I want to store this in a database, so give me JSON with {keys}: {text} |
My program reads JSON with {keys}. Please convert: {text} |
Here is a message: {text} Please pull out {keys} as JSON. | Here is a sentence.⏎{text}⏎Write {keys} from it in JSON. |
Here is what I was told: {text} Put {keys} into JSON for me. | Convert to JSON with keys {keys}: {text} |
Convert the following into a JSON object ({keys}).⏎⏎{text} | Parse this and return {keys} as JSON: {text} |
Parse: {text}⏎Return: JSON with {keys} | Get {keys} out of this sentence, as JSON: {text} |
Collect {keys} in a JSON object: {text} | Find {keys} in the text below and answer in JSON.⏎⏎{text} |
Look at the text and list {keys} as JSON. "{text}" | Pick {keys} from the line below. JSON only.⏎{text} |
Only JSON, only {keys}: {text} | Only the JSON object with {keys}, no other words. {text} |
Nothing but JSON. Keys: {keys}. {text} | Summarise this as JSON having {keys}: {text} |
Describe this as a JSON object with the fields {keys}: {text} | Represent "{text}" as JSON with {keys}. |
Structure this text as JSON. The fields are {keys}. {text} | Please structure: {text} Fields {keys}, JSON. |
Please extract {keys} and reply in JSON.⏎{text} | Please write {keys} of this text as JSON: "{text}" |
Please read "{text}" and give back {keys} in JSON form. | Please give me the data ({keys}) in JSON: {text} |
{text} Please turn that into JSON with {keys}. | {text} Now the same as JSON: {keys}. | {text} -> JSON ({keys}) |
{text} => {keys} in JSON | {text}⏎JSON: {keys} | {text}⏎---⏎Give {keys} as JSON. |
{text}⏎What I need from this is {keys}, as JSON. | {text} From that, I need {keys} as a JSON object. |
{text} That is the text. The answer should be JSON with {keys}. | {text} Save this as JSON. Use the keys {keys}. |
{text} Write this down as JSON with keys {keys}. | {text} Which values do {keys} have? Use JSON. |
"{text}" - JSON with {keys}, please. | "{text}" Extract: {keys}. Reply with a JSON object. |
'{text}' as JSON, with {keys} | My friend wrote: {text} Fill a JSON object with {keys}. |
The text says: {text} What does it say about {keys}? Give JSON. |
The sentence is: {text} The keys are {keys}. The output is JSON. |
The following needs to become JSON with {keys}: {text} |
The form has the fields {keys}. Fill it as JSON from this text: {text} |
There is a text below. Return {keys} from it in JSON.⏎⏎{text} | This is a log line: {text} Return {keys} as JSON. |
This is an entry of mine: {text} Turn it into JSON, fields {keys}. |
Given the text "{text}", produce JSON with {keys}. | Given: {text} Produce: JSON with {keys}. |
For the sentence below, output {keys} as JSON.⏎{text} | For my table I need {keys} as JSON. The source: {text} |
With the keys {keys}, write JSON for: {text} | With this text, {text} fill in {keys}. JSON, please. |
Using only this text, give {keys} in JSON: {text} |
Use the text to fill {keys} and answer as a JSON object. Text: {text} |
Based on this, what are {keys}? JSON answer, please. {text} | Fill in {keys} as JSON: {text} |
Output {keys} as JSON for this text: {text} | Output a single JSON object with {keys}.⏎{text} |
Print JSON with {keys} for: {text} | Respond in JSON with {keys}. {text} | Reply with JSON containing {keys}: {text} |
Answer in JSON only ({keys}). {text} | Create JSON from this text: {text} Keys: {keys} |
Build a JSON object from {keys} in: {text} | Generate a JSON record ({keys}) for this sentence: {text} |
Show me {keys} from this text in JSON format: {text} | Tell me {keys} in JSON format. {text} |
Transform "{text}" into a JSON object with {keys}. | Translate this sentence into JSON ({keys}): {text} |
Break this into {keys} and give JSON: {text} | Record this as JSON, using {keys}: {text} |
Note this down as a JSON object with {keys}: {text} | Put {keys} of the following in JSON.⏎{text} |
Put this in JSON: {text} I only want {keys}. | Which {keys} does this text name? Return JSON. {text} |
Can you give me {keys} as JSON? {text} | Can you read this and return JSON with {keys}? "{text}" |
Would you put {keys} from this text into JSON? {text} | How would this look as JSON with {keys}? {text} |
What would be the JSON with {keys} for this? {text} | json with {keys} from: {text} | json, {keys}: {text} |
{keys} as json: {text} | {keys} from this text, as JSON: {text} | {keys}? {text} Answer as JSON. |
{keys} - that is all I need, in JSON, from this: {text} | {text} Answer with JSON that fits this schema: {schema} |
{text}⏎Schema: {schema}⏎Return JSON only. | {schema}⏎Fill this JSON schema from the text: {text} |
Fill this schema with the facts of the text. Reply in JSON.⏎{schema}⏎{text} |
The JSON must look like this: {schema} The text is: {text} | Schema: {schema}⏎Text: {text}⏎JSON: |
Read {text} and give JSON that matches {schema} | Extract the data from "{text}" as JSON of this shape: {schema} |
Give me JSON in the shape {schema} for this sentence: {text} | Write a JSON object that follows {schema}⏎⏎{text} |
I have a schema: {schema} Turn this text into JSON that follows it: {text} |
From the text below make JSON after the schema {schema}⏎{text} |
Return an object in JSON like {schema} - the text: {text} | Match the schema {schema} and reply with JSON. {text}
"""
SYSTEMS = """
Extract {keys} and answer in JSON. | You extract {keys} from the text of the user. Reply with JSON only. |
You turn sentences into JSON objects with the keys {keys}. | Return a JSON object with {keys}. No other words. |
Answer only with JSON. The keys are {keys}. | You are a parser. Output: JSON with {keys}. |
Your job is to fill {keys} from the message and return JSON. |
Read the message of the user and write {keys} as JSON. | Every answer is one JSON object with {keys}. |
Reply with valid JSON that has exactly these keys: {keys}. |
You are a data entry helper. For each text, return {keys} as JSON. |
Convert what the user writes into JSON. Fields: {keys}. |
Find {keys} in the text. Respond with JSON and nothing else. | Output format: JSON. Fields: {keys}. |
You fill forms. The form has {keys}; hand it back as JSON. |
The program behind you reads JSON with {keys}, so write nothing else. |
Only JSON is allowed. Use the keys {keys} in this order. |
Take {keys} from the text word for word and answer in JSON. | Do not explain. Give {keys} as a JSON object. |
You read notes and store them as JSON with {keys}. | Respond with JSON that follows this schema: {schema} |
Your answer must be JSON that matches {schema} | Schema: {schema}⏎Answer in JSON that fits it. |
You output JSON only, after this schema: {schema} | Extract facts from the text. The result is JSON like {schema} |
Fill this schema from the text of the user and return JSON: {schema} |
Use the schema {schema} for your JSON answer. Add no comments. | All replies are JSON objects of the shape {schema} |
You are an extraction service. Input: a text. Output: JSON by the schema {schema} |
The user sends a text. You send back JSON as in {schema} | Return structured data (JSON). Shape: {schema} |
Write a single JSON object. It has to fit {schema} | JSON mode. Keys: {keys}. | JSON mode. Schema: {schema} |
You pull {keys} out of short texts and give them back as JSON. |
For each message, answer with one line of JSON holding {keys}. |
You are a helpful assistant that answers in JSON with {keys}. |
You are a careful clerk who writes {keys} of each note as JSON. |
Please always answer as a JSON object; its keys are {keys}. |
The reply is read by a machine: plain JSON, keys {keys}, no text around it. |
You never chat. You give {keys} from the text as JSON. |
Look for {keys} in what the user says and put them into JSON.
"""
