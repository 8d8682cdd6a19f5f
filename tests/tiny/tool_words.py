"""Words and frames for put-together tools: training side only."""

VERBS = """
compute create delete update fetch find list count check verify send receive open close start stop pause resume cancel
confirm approve reject review rate rank sort filter group merge split join copy move rename remove add insert append
replace edit change adjust set reset clear fill empty load save store restore backup archive export import upload
download publish share post print scan read write draw paint render display show hide lock unlock enable disable
activate schedule reschedule book reserve order buy sell rent lend borrow return refund pay charge bill invoice quote
estimate predict forecast measure weigh convert translate transcribe summarize explain describe compare match analyze
inspect test debug build compile deploy install uninstall upgrade repair clean wash dry heat cool cook bake mix water
plant harvest feed track trace locate monitor watch record log report notify alert remind invite register enroll assign
hire train teach grade solve simulate generate encode decode compress extract encrypt decrypt sign validate connect
disconnect link attach detach pack wrap ship deliver collect search look_up request suggest recommend select pick
subscribe flag label tag mark tune play mute rotate crop resize
""".split()

NOUNS = """
invoice receipt order payment refund account balance budget loan mortgage tax salary bonus expense contract policy claim
ticket booking reservation trip route map flight train bus taxi ferry hotel room table seat parking garage car truck
bicycle scooter boat engine battery tire fuel charger road bridge tunnel traffic weather storm rainfall snow wind tide
sunrise moon planet star comet satellite rocket orbit telescope garden lawn flower tree seed crop field farm barn
tractor
horse cow chicken sheep goat dog cat parrot fish aquarium hive honey recipe meal menu dish soup salad cake bread pizza
sandwich coffee tea juice wine snack diet calorie vitamin grocery basket cart coupon discount price product catalog
warehouse inventory shelf parcel package shipment pallet container courier letter postcard envelope stamp address
contact
phone call message email chat channel inbox newsletter reminder alarm timer clock calendar event meeting appointment
deadline task project milestone sprint backlog bug release branch commit patch build server database query record row
column index schema backup snapshot file folder document page paragraph sentence word font image photo picture video
clip song playlist album concert guitar piano drum melody chord lyrics podcast episode movie series cinema theater
museum gallery painting sculpture poem novel book chapter library author magazine article headline comment review rating
survey poll vote election petition law court verdict permit license passport visa embassy border customs police report
incident fire rescue ambulance hospital clinic doctor nurse patient symptom diagnosis prescription medicine dose vaccine
allergy therapy exercise workout gym match game score team player coach league tournament race medal trophy puzzle
riddle quiz exam lesson course school class student teacher homework grade scholarship campus lecture thesis citation
experiment sample microscope molecule atom element formula equation matrix vector fraction percentage average median
histogram chart graph diagram triangle circle polygon volume distance speed temperature pressure voltage current
circuit sensor robot drone camera printer scanner keyboard monitor speaker microphone headset router network firewall
password token certificate key user profile avatar badge role group member guest visitor customer vendor supplier
employee manager interview resume vacancy shift roster payroll office desk chair sofa lamp curtain window door wall roof
kitchen oven fridge dishwasher vacuum laundry heater fan thermostat light pump pipe faucet shower pool sauna
""".split()

PARAMETERS = {
    "amount": "number", "recipient": "person", "color": "color", "total": "number", "quantity": "small",
    "customer": "person", "sender": "person", "owner": "person", "author": "person", "manager": "person",
    "patient": "person", "student": "name", "teacher": "person", "guest": "name", "driver": "name",
    "player": "name", "username": "word", "nickname": "word", "contact": "person", "host": "name",
    "city": "city", "origin": "city", "destination": "city", "from_city": "city", "to_city": "city",
    "birthplace": "city", "location": "city", "town": "city",
    "country": "~France,Japan,Brazil,Kenya,Norway,Canada,Egypt,India,Peru,Poland,Vietnam,New Zealand,Morocco,Greece,"
               "South Korea,Chile,Iceland,Turkey,Ghana,Portugal",
    "nation": "~Germany,Mexico,Sweden,Thailand,Cuba,Nepal,Austria,Nigeria,Ireland,Jordan,Costa Rica,Finland,China,"
              "Belgium,South Africa,Malaysia",
    "home_country": "~Italy,Spain,Denmark,Argentina,Australia,Hungary,Indonesia,Senegal,Sri Lanka,Colombia,Scotland,"
                    "Mongolia,Croatia,Lebanon",
    "place": "~the library,the beach,the train station,the park,the harbor,the market,the airport,the school,the lake,"
             "the museum,the old mill,the bakery",
    "venue": "~the town hall,the city theater,the sports hall,the open air stage,the concert hall,the village church,"
             "the stadium,the old factory,the school yard,the ball room,the wine cellar",
    "meeting_point": "~the main gate,the fountain,the bus stop,the ticket office,the north entrance,the cafe,"
                     "the clock,the car park,the front desk,the big tree,platform two",
    "pickup": "~the hotel lobby,the south exit,the post office,the corner shop,the ferry dock,the hospital,the bank,"
              "the taxi stand,the garage,the side door",
    "item": "thing", "object": "thing", "product": "thing", "gift": "thing", "article": "thing",
    "topic": "topic", "subject": "topic", "theme": "topic", "category_name": "topic", "keyword": "topic",
    "task": "task", "chore": "task", "todo": "task", "action_item": "task",
    "message": "phrase", "title": "phrase", "text": "phrase", "note": "phrase", "comment": "phrase",
    "caption": "phrase", "headline": "phrase", "slogan": "phrase", "sentence": "phrase",
    "email": "email", "reply_to": "email", "billing_email": "email",
    "date": "date", "due_date": "date", "start_date": "date", "end_date": "date", "birthday": "date",
    "deadline": "date", "arrival": "date", "departure": "date",
    "time": "time", "start_time": "time", "end_time": "time", "opening_time": "time", "alarm_time": "time",
    "file": "file", "path": "file", "input_file": "file", "output_file": "file", "attachment": "file",
    "code": "word", "project": "word", "server": "word", "brand": "word", "tag": "word", "label": "word",
    "identifier": "word", "password_hint": "word", "group_name": "word", "channel": "word",
    "count": "int", "order_number": "int", "ticket_id": "int", "user_id": "int", "page": "int", "points": "int",
    "width": "int", "height": "int", "depth": "int", "distance": "number", "weight": "number", "speed": "number",
    "price": "number", "budget": "number", "discount": "small", "rate": "number", "ratio": "number",
    "temperature": "number", "length": "number", "radius": "number", "area": "number", "threshold": "number",
    "minutes": "small", "hours": "small", "days": "small", "seconds": "small", "people": "small",
    "copies": "small", "floor": "small", "room_number": "int", "limit": "small", "age": "small",
    "volume": "level", "brightness": "level", "opacity": "level", "battery_level": "level", "quality": "level",
    "year": "year", "founded": "year", "model_year": "year",
    "language": "language", "source_language": "language", "target_language": "language",
    "currency": "currency", "to_currency": "currency", "size": "size", "shirt_size": "size",
    "background": "color", "ink": "color",
    "mode": "=fast,slow,normal", "priority": "=low,medium,high", "status": "=open,closed,pending",
    "format": "=pdf,csv,html,txt", "direction": "=north,south,east,west", "season": "=spring,summer,autumn,winter",
    "unit": "=meters,feet,yards,miles", "period": "=daily,weekly,monthly,yearly", "side": "=left,right",
    "level": "=beginner,intermediate,advanced", "travel_class": "=economy,business,first",
    "sort_order": "=ascending,descending", "shape": "=round,square,oval,flat",
    "weekday": "=Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday", "payment_method": "=cash,card,check",
    "genre": "~rock,jazz,blues,folk,opera,country,reggae,hip hop,soul,techno,classical,swing,punk,gospel,disco,"
             "heavy metal,bluegrass,chamber music,salsa,ambient",
    "dish": "~lasagna,beef stew,tomato soup,pancakes,fried rice,roast chicken,fish pie,mushroom risotto,apple cake,"
            "lentil curry,onion tart,potato salad,noodle soup,goulash,tacos,paella,dumplings,omelette,chili,moussaka",
    "ingredient": "~flour,butter,garlic,olive oil,brown sugar,sea salt,black pepper,eggs,cream,basil,rice,honey,"
                  "lemon juice,ginger,cinnamon,yeast,walnuts,soy sauce,cocoa,parsley,red onion,oats",
    "sport": "~tennis,football,ice hockey,judo,rowing,swimming,table tennis,golf,rugby,fencing,archery,cricket,"
             "volleyball,basketball,skiing,surfing,climbing,badminton,cycling,water polo",
    "animal": "~horse,rabbit,goat,polar bear,fox,owl,sea turtle,hedgehog,elephant,otter,wolf,parrot,donkey,frog,"
              "guinea pig,squirrel,penguin,lizard,mountain goat,swan",
    "plant": "~rose,tulip,oak,fern,cherry tree,basil,lavender,sunflower,maple,orchid,cactus,ivy,birch,tomato plant,"
             "daisy,lily,palm,bamboo,strawberry,mint",
    "job": "~baker,plumber,nurse,carpenter,bus driver,lawyer,chemist,gardener,pilot,tailor,cook,painter,librarian,"
           "farmer,electrician,dentist,fire fighter,photographer,welder,shepherd",
    "material": "~steel,oak wood,glass,cotton,leather,copper,marble,wool,plastic,silk,concrete,brass,clay,bamboo,"
                "rubber,cardboard,linen,gold,aluminum,stone",
    "instrument": "~violin,piano,flute,cello,trumpet,drums,bass guitar,harp,accordion,clarinet,banjo,oboe,organ,"
                  "ukulele,saxophone,tuba,viola,mandolin",
    "vehicle": "~van,pickup truck,motorbike,tram,sailing boat,tractor,camper,bicycle,minibus,taxi,ferry,scooter,"
               "fire engine,canoe,coach,sports car,snowmobile",
    "drink": "~green tea,black coffee,orange juice,lemonade,hot chocolate,milk,sparkling water,cider,apple juice,"
             "espresso,iced tea,ginger beer,tomato juice,cocoa,mint tea",
    "symptom": "~headache,fever,sore throat,back pain,dry cough,dizziness,rash,runny nose,toothache,stomach ache,"
               "nausea,stiff neck,itchy eyes,earache,swollen ankle",
    "department": "~sales,finance,marketing,legal,customer care,research,logistics,design,purchasing,human resources,"
                  "accounting,security,maintenance,planning,training",
    "reason": "~bad weather,illness,late delivery,wrong size,a broken part,a family visit,low stock,a double booking,"
              "poor quality,a missed train,a power cut,a change of plan,high cost,a holiday,a typing error",
    "fruit": "~apple,pear,banana,cherry,plum,mango,grape,peach,melon,kiwi,fig,blood orange,lime,apricot,pineapple",
    "style": "~modern,rustic,gothic,minimal,baroque,art deco,vintage,industrial,classic,pop art,tropical,nautical,"
             "Victorian,Nordic,abstract",
    "tool_name": "~hammer,drill,hand saw,wrench,screwdriver,chisel,pliers,spirit level,paint brush,shovel,rake,axe,"
                 "file,clamp,ladder",
    "metal": "~iron,copper,tin,silver,zinc,nickel,lead,titanium,cobalt,platinum,mercury,tungsten,chromium",
    "furniture": "~armchair,bookcase,coffee table,bunk bed,wardrobe,stool,sideboard,desk,sofa,bench,chest of drawers,"
                 "rocking chair,shelf,footstool,night stand",
    "hobby": "~knitting,chess,bird watching,pottery,fishing,baking,hiking,stamp collecting,photography,origami,"
             "gardening,juggling,model trains,sewing,astronomy",
    "mood": "~happy,calm,sad,sleepy,excited,gloomy,cheerful,nervous,proud,lonely,hopeful,angry,relaxed,curious",
    "holiday": "~Easter,Christmas,Halloween,New Year,Thanksgiving,Diwali,Hanukkah,May Day,Midsummer,Carnival",
    "allergen": "~peanuts,milk,wheat,eggs,soy,shellfish,sesame,mustard,celery,cat hair,pollen,dust,bee stings",
    "browser_page": "~home,settings,checkout,about us,contact,login,help center,search results,news,shopping cart",
    "landmark": "~the old bridge,the clock tower,the town hall,the lighthouse,the castle,the cathedral,the big wheel,"
                "the city wall,the stone arch,the windmill,the opera house,the fountain",
    "vegetable": "~carrot,leek,spinach,red cabbage,pumpkin,beetroot,celery,cucumber,sweet corn,peas,kale,turnip,"
                 "radish,green beans,eggplant",
    "profession": "~architect,surgeon,translator,sailor,beekeeper,judge,jeweler,butcher,civil engineer,biologist,"
                  "florist,mechanic,tour guide,optician",
    "clothing": "~rain coat,scarf,wool socks,jeans,straw hat,mittens,evening dress,belt,jacket,sandals,sweater,apron,"
                "bow tie,pajamas,boots",
}

DESCRIPTIONS = [
    "{Do}", "{Do}.", "Use this to {do}.", "{Do} by {names}", "Tool that can {do}", "{Do} from {names}.",
    "{Do} with {names}", "{Do} using {names}.", "{Do} for the user", "{Do} for the user.", "A tool to {do}.",
    "A function to {do}", "Function to {do} from {names}.", "Can {do}.", "Can {do} when given {names}",
    "Call this to {do}", "Call this when the user wants to {do}.", "Call it to {do} with {names}.",
    "Needed to {do}.", "Takes {names} in order to {do}.", "Given {names}: {do}.", "Given {names}, {do}",
    "Lets you {do}.", "Lets the user {do}", "Allows the assistant to {do}.", "Helps to {do}.",
    "Helps people {do}", "{Do} and return the result.", "{Do} and report what happened.", "{Do}, then answer",
    "{Do} in one step", "{Do} on request.", "{Do} at once", "{Do} in the system.", "{Do} in the app",
    "{Do} through the online service.", "{Do} (needs {names})", "{Do} (parameters: {names}).", "{Do}. Input: {names}.",
    "{Do}. Requires {names}.", "{Do}. Expects {names}", "{Do}. Give {names}.", "Service to {do}.",
    "Service that will {do} for you", "An easy way to {do}.", "The way to {do}", "Use it to {do} given {names}.",
    "Use when someone asks to {do}.", "Use whenever there is a need to {do}", "For when you need to {do}.",
    "For users who want to {do}", "Ask this tool to {do}.", "With {names}, {do}.", "Made to {do}.",
    "This will {do}.", "This tool will {do} with the given {names}.", "This function can {do}", "Action: {do}",
    "Purpose: {do}.", "Reads {names} to {do}.", "{Do} according to {names}", "{Do} based on {names}.",
    "Sends {names} to the server to {do}.", "Runs a job to {do}.", "{Do} if the user asks for it.",
]

REQUESTS = [
    "{do} with {and}", "{Do} with {and}.", "{Do}, {list}.", "{Do}: {list}", "{do}, {eq}", "{do} {eq}", "{Do} ({list}).",
    "{Do} ({eq})", "{Do} using {and}.", "{do} using {list}", "{Do} given {and}.", "{Do}, given {list}.",
    "I would like you to {do}. The values: {list}", "I would like to {do} with {and}.", "I want to {do}: {list}.",
    "I want you to {do} with {and}.", "I need to {do}. Use {and}.", "I need you to {do}, {list}.",
    "I have to {do} today. It has {and}.", "We need to {do}, with {and}.", "We want to {do}. Details: {list}.",
    "We have to {do} soon; take {and}.", "My boss wants me to {do} with {and}.",
    "My boss asked me to {do}. She gave me {and}.", "Please {do} with {and}.", "Please {do}: {list}.",
    "Please {do} using {eq}.", "{Do}, please. {list}.", "{Do} with {and}, please.", "Please, with {and}, {do}.",
    "Can you {do} with {and}?", "Can you {do}? {list}", "Can you {do} for me? I have {and}.",
    "Will you {do} with {and}?",
    "Would you {do} with {and}?", "Would you please {do}: {list}?", "Would you mind helping me {do}? It is {and}.",
    "With {and}, {do}.", "With {and}, please {do}.", "With {list}: {do}", "Using {and}, {do}.",
    "Using {eq}, {do}.", "Given {and}, {do}.", "Given {list}, can you {do}?", "Given {eq}, please {do}.",
    "For {and}, {do}.", "for {list} {do}", "Take {and} and {do}.", "Take {list}, then {do}.", "Use {and} to {do}.",
    "Use {eq} to {do}.", "Use {list} and {do}, please.", "I have {and}. {Do}.", "I have {list}. Please {do}.",
    "I have {and} and I want to {do}.", "Here are the values: {list}. {Do}.",
    "Here is what I know: {list}. Please {do}.",
    "Here you go: {list}. {Do} with that.", "Values: {eq}. {Do}.", "Values {list}: {do}", "Data: {list}\n{Do}.",
    "{Do}.\n{list}", "{Do}\n{eq}", "{list}\n{Do}.", "{eq}\n{do}", "{list}: {do}", "{list}. {Do}!", "{eq} - {do}",
    "{list} - please {do}", "{and}: {do} with these.", "{and}. {Do} with that, please.", "{list}; {do}", "{do}; {list}",
    "{do} - {list}", "{do} | {list}", "{do} -> {list}", "{Do}! {list}!", "{Do} and set {and}.", "{Do} and use {and}.",
    "{Do} and take {and} for it.", "{Do}, where the values are {and}.", "{Do} where {eq}", "{Do} that has {and}.",
    "{Do} having {and}.", "{Do} based on {and}.", "{Do} from {and}.", "{Do} from these values: {list}.",
    "{Do} according to {list}.", "{Do} by these numbers and words: {list}.", "Call {name} with {and}.",
    "Call {name}: {list}",
    "call {name}({eq})", "{name} {eq}", "{name}: {list}", "{name} with {and}", "Run {name} with {and}.",
    "Run {name}, {eq}.",
    "Use {name} with {and}.", "Use {name} to {do}: {list}.", "Use the tool {name}. {list}.",
    "The tool {name} with {and}, please.",
    "Start {name} using {list}.", "Please use {name}; the input is {list}.", "I think {name} fits here: {list}.",
    "It is time to {do}. The details are {and}.", "It would be great to {do} with {and}.",
    "It is important to {do}: {list}.",
    "Help me {do} with {and}.", "Help me to {do}. I know {and}.", "Help me out and {do}, {list}.",
    "Let us {do} with {and}.", "Let's {do}: {list}.", "Let's {do}, using {and}.",
    "How do I {do} with {and}? Do it for me.",
    "What happens if I {do} with {and}?", "What do you get when you {do} with {list}?",
    "Is it possible to {do} with {and}?",
    "Is there a way to {do} given {list}?", "May I ask you to {do} with {and}?", "Are you able to {do} using {and}?",
    "Do you mind if we {do}? Take {and}.", "Someone must {do}; the input is {list}.",
    "Somebody asked to {do} with {and}.",
    "A customer wants to {do}. He wrote: {list}.", "A friend of mine would like to {do} with {and}.",
    "My sister wants to {do}, so use {and}.", "For my work I must {do} with {and}.",
    "For a school project, {do}: {list}.",
    "Because I am in a hurry, {do} with {and}.", "Since I am busy, please {do} for me: {list}.",
    "I am busy, so {do} with {and}.", "I forgot to {do} yesterday. Do it with {and}.",
    "I am not sure how to {do}. I have {and}.", "I was told to {do} with {and}.",
    "I was hoping you would {do}: {list}.",
    "I am going to need you to {do}. Input {list}.", "I'd like to {do}, {and}.", "I'd like you to {do} using {eq}.",
    "I'd love to {do} with {and}.", "I must {do} before lunch, with {and}.", "Before we leave, {do} with {and}.",
    "After the meeting we have to {do}. Note: {list}.", "As agreed, {do} with {and}.", "As a next step, {do}: {list}.",
    "Next, {do} with {and}.", "First of all, {do} using {list}.", "Then {do} with {and}.", "Also {do}, {list}.",
    "One more thing: {do} with {and}.", "Hello! {Do} with {and}.", "Hi, I want to {do}. {list}.", "Hey, {do}: {list}",
    "Good morning. Please {do} with {and}.", "Thanks for your help. {Do} with {and}.", "{Do} with {and}. Thank you!",
    "{Do}: {list}. Thanks.", "{Do} for me with {and}.", "{Do} for me, {list}.", "{Do} for us: {eq}",
    "Just {do} with {and}.",
    "Simply {do}, {list}.", "Quickly {do} with {and}.", "Go ahead and {do} with {and}.", "Go and {do}: {list}",
    "Make sure to {do} with {and}.", "Be so kind and {do} with {and}.", "Be so good as to {do}: {list}.",
    "Remember to {do} with {and}.", "Do not forget to {do}. {list}.", "You should {do} with {and}.",
    "You have to {do}, {eq}.",
    "Your task is to {do} with {and}.", "Your job: {do}. Input: {list}.", "Task: {do}. Values: {list}.",
    "Job: {do}\nWith: {eq}",
    "todo: {do} ({list})", "Request: {do}, {list}", "The plan is to {do} with {and}.", "My wish is to {do} with {and}.",
    "My question: when you {do} with {and}, what comes out?", "The following is needed to {do}: {list}. Go.",
    "All I want is to {do}. I give you {and}.", "If you can, {do} with {and}.", "If possible, {do}: {list}.",
    "When you have a moment, {do} with {and}.", "As soon as you can, {do}. Take {list}.", "To {do}, use {and}.",
    "To {do}, take {list}.", "In order to {do} I give you {and}.", "What I need is this: {do} with {and}.",
    "{Do}. I already know {and}.", "{Do}. The form says {list}.", "{Do}. It should have {and}.",
    "{Do}. These are the facts: {list}.",
]

VALUE_REQUESTS = [
    "{do} {v}", "{Do} for {v}", "for {v} I want you to {do}", "{do} for {v}", "{Do} for {v}.",
    "{Do} with {v}.", "{do}: {v}",
    "{Do}: {v}.", "{Do}, {v}.", "{Do} ({v})", '{Do} "{v}"', '{Do} for "{v}".', "{Do} using {v}.", "{do} using {v}",
    "{Do} given {v}.", "{Do} based on {v}.", "{Do} from {v}.", "{Do} and use {v}.", "{Do} and take {v}.",
    "{Do} where it says {v}.",
    "Please {do} for {v}.", "Please {do} with {v}.", "Please {do}: {v}", "{Do} for {v}, please.",
    "{Do}, please. It is {v}.",
    "Can you {do} for {v}?", "Can you {do} with {v}?", "Can you {do}? {v}", "Will you {do} for {v}?",
    "Would you {do} with {v}?",
    "Would you please {do} for {v}?", "May I ask you to {do} for {v}?", "Are you able to {do} with {v}?",
    "Is it possible to {do} for {v}?", "Is there a way to {do} with {v}?", "How do I {do} for {v}? Do it for me.",
    "What happens if you {do} with {v}?", "What do you get when you {do} for {v}?", "I want to {do} for {v}.",
    "I want to {do} with {v}.", "I want you to {do}: {v}.", "I would like to {do} for {v}.",
    "I would like you to {do} with {v}.",
    "I'd like to {do}, {v}.", "I'd love to {do} for {v}.", "I need to {do} for {v}.", "I need you to {do}, {v}.",
    "I need to {do}. It is {v}.", "I have to {do} for {v} today.", "I must {do} with {v} before lunch.",
    "I have {v} and I want to {do}.", "I have {v}. {Do}.", "I have {v} here, so {do}.", "I was told to {do} for {v}.",
    "I was hoping you would {do} for {v}.", "I am busy, so {do} for {v}.", "I forgot to {do} for {v}.",
    "We need to {do} for {v}.",
    "We want to {do} with {v}.", "We have {v}; {do}.", "Let's {do} for {v}.", "Let us {do} with {v}.",
    "Help me {do} for {v}.",
    "Help me to {do} with {v}.", "Help me {do}. I have {v}.", "For {v}, {do}.", "For {v}, please {do}.", "for {v} {do}",
    "With {v}, {do}.", "with {v} please {do}", "Using {v}, {do}.", "Given {v}, {do}.", "Given {v}, can you {do}?",
    "Take {v} and {do}.", "Take {v}, then {do}.", "Use {v} to {do}.", 'Use "{v}" to {do}.', "To {do}, use {v}.",
    "In order to {do}, take {v}.", "{v}: {do}", "{v} - {do}", "{v}, {do}", "{v}. {Do}.", "{v}\n{do}",
    "{Do}.\n{v}", "{do} - {v}",
    "{do} = {v}", "{do} -> {v}", "{Do}! It is {v}.", "It is {v}. {Do}.", "It is {v}, so {do}.",
    "It is about {v}. Please {do}.",
    "This is about {v}: {do}.", "My boss wants me to {do} for {v}.", "A customer wants to {do} for {v}.",
    "My brother asked me to {do} with {v}.", "Somebody must {do} for {v}.", "Because of {v} we have to {do}.",
    "When it comes to {v}, {do}.", "As for {v}, {do}.", "About {v}: I need to {do}.", "In the case of {v}, {do}.",
    "Before we leave, {do} for {v}.", "Next, {do} for {v}.", "Then {do} with {v}.", "Also {do} for {v}.",
    "One more thing: {do} for {v}.", "Hello! {Do} for {v}.", "Hi, I want to {do} for {v}.", "Hey, {do}: {v}",
    "{Do} for {v}. Thank you!", "{Do} with {v}, thanks.", "{Do} for me: {v}.", "{Do} for me with {v}.",
    "Just {do} for {v}.",
    "Go ahead and {do} for {v}.", "Make sure to {do} for {v}.", "Do not forget to {do} for {v}.",
    "Be so kind and {do} for {v}.",
    "When you have a moment, {do} for {v}.", "If you can, {do} for {v}.", "Task: {do}. Value: {v}.", "todo: {do} ({v})",
    "The plan is to {do} for {v}.", "What I need is this: {do} for {v}.", "The value is {v}. {Do} with it.",
    "The one I mean is {v}. {Do} for it.", "{Do}. I mean {v}.", "{Do}. The answer should be for {v}.",
    "{Do}, I choose {v}.",
    "{Do} and make it {v}.",
]

PAIRS = [
    "{k} {v}", "{k}: {v}", "{k} = {v}", "{k}={v}", '{k} "{v}"', '{k}: "{v}"', '{k}="{v}"', "{k} is {v}",
    "{k} set to {v}",
    "{v} as {k}", "{v} as the {k}", "a {k} of {v}", "the {k} {v}", "the {k} is {v}", "the {k} being {v}",
    "the {k} set to {v}",
    "{k} should be {v}", "the {k} should be {v}", "{k} must be {v}", "{k} equal to {v}", "{k} equals {v}",
    "{v} for {k}",
    "{v} for the {k}", "{v} ({k})", "{k} ({v})", "{k} - {v}", "{k} -> {v}", "{k} of {v}", "{k} to be {v}",
    "{k} will be {v}",
    "'{v}' as {k}", '"{v}" for the {k}', "the {k} '{v}'", "{v} is the {k}", "{v} being the {k}",
    "my {k} is {v}", "its {k} is {v}",
    "whose {k} is {v}", "{k} at {v}", "{k} := {v}", "{k} as {v}", "the value {v} for {k}",
    "{k} with the value {v}", "{k} given as {v}",
    "for {k} {v}", "as {k} {v}", "{k} called {v}", "{v} in the field {k}",
]
