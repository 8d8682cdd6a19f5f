"""Tools of the home, travel and health: training side only."""

from tool_families import Family

ROOMS = (
    "~kitchen,bedroom,living room,bathroom,hallway,attic,cellar,garage,office,nursery,dining room,guest room,"
    "laundry room,porch,balcony,study,library,playroom,workshop,conservatory,pantry,staircase,sun room,den,lobby,"
    "upstairs bathroom,back room,music room,utility room,entrance hall"
)
DISHES = (
    "~lasagne,goulash,chicken curry,tomato soup,paella,pancakes,risotto,fried rice,apple pie,beef stew,ramen,"
    "mushroom omelette,potato salad,falafel,tacos,moussaka,onion tart,fish and chips,carrot cake,dumplings,"
    "pumpkin soup,spring rolls,gnocchi,shepherd's pie,waffles,ratatouille,sushi,chili con carne,banana bread,"
    "cheese fondue,schnitzel,pad thai,lentil stew,borscht,pizza margherita,greek salad,meatballs,cinnamon rolls"
)
INGREDIENTS = (
    "~flour,butter,sugar,eggs,milk,rice,salt,olive oil,garlic,onions,carrots,chickpeas,cream,yeast,honey,"
    "tomatoes,basil,cheddar,spinach,lemons,ginger,tofu,salmon,lentils,oats,almonds,parsley,red peppers,"
    "soy sauce,vanilla,brown bread,black beans,cocoa powder,leeks,mustard,cinnamon,potatoes,yoghurt"
)
DEVICES = (
    "~ceiling fan,coffee machine,television,heater,dehumidifier,kettle,radio,toaster,dishwasher,printer,fridge,"
    "air purifier,electric blanket,water pump,freezer,aquarium lamp,sound bar,desk lamp,games console,router,"
    "towel rail,washing machine,tumble dryer,oven,floor lamp,projector,garden fountain,rice cooker,humidifier"
)
SPORTS = (
    "~tennis,football,ice hockey,basketball,rowing,swimming,badminton,handball,rugby,cricket,table tennis,"
    "fencing,volleyball,golf,judo,cycling,archery,squash,water polo,baseball,skiing,figure skating,curling,darts,"
    "snooker,boxing,karate,sailing,surfing,gymnastics,wrestling,lacrosse,field hockey,climbing"
)
SYMPTOMS = (
    "~headache,sore throat,back pain,fever,dry cough,dizziness,stomach ache,itchy skin,swollen ankle,nausea,"
    "runny nose,stiff neck,toothache,earache,heartburn,blurred vision,tired eyes,cramps,rash,chest pain,"
    "hiccups,"
    "knee pain,shortness of breath,insomnia,sneezing,numb fingers,joint pain,loss of appetite,shivering"
)
MEDICINES = (
    "~aspirin,ibuprofen,paracetamol,insulin,penicillin,cough syrup,antihistamine,iron tablets,eye drops,"
    "nasal spray,vitamin d,amoxicillin,metformin,warfarin,throat lozenges,magnesium,antacid,statins,codeine,"
    "cortisone cream,folic acid,melatonin,zinc tablets,nose drops,fish oil,charcoal tablets,omeprazole"
)
COUNTRIES = (
    "~France,Japan,Brazil,Kenya,Norway,Mexico,Poland,India,Peru,Egypt,Canada,Vietnam,Iceland,Morocco,"
    "Chile,Greece,"
    "New Zealand,South Africa,Turkey,Nepal,Portugal,Cuba,Finland,Ghana,Jordan,Mongolia,Ireland,"
    "Thailand,Austria,"
    "Australia,Sri Lanka,Denmark,Ethiopia,Costa Rica,Indonesia,Hungary,Senegal,Argentina,South Korea,Croatia"
)
PLANTS = (
    "~roses,tomatoes,tulips,lavender,cucumbers,basil,apple tree,strawberries,sunflowers,pumpkins,orchid,ferns,"
    "hedge,mint,lettuce,dahlias,cactus,raspberries,ivy,lilies,beans,rhubarb,hydrangea,lemon tree,courgettes,"
    "geraniums,radishes,thyme,peas,bonsai,blueberries,daffodils,vine,onions,garlic,marigolds"
)
PETS = (
    "~rabbit,hamster,cat,goldfish,parrot,puppy,tortoise,guinea pig,pony,canary,kitten,budgie,ferret,gecko,snake,"
    "duck,hen,mouse,greyhound,poodle,labrador,beagle,siamese cat,iguana,chinchilla,donkey,goat,terrier"
)
PET_NAMES = (
    "~Rex,Bella,Muffin,Whiskers,Biscuit,Shadow,Luna,Pepper,Coco,Buddy,Snowball,Tiger,Daisy,Ginger,Patch,"
    "Pickles,Rocky,Honey,Smokey,Peanut,Felix,Nugget,Oreo,Bruno,Misty,Ziggy,Waffles,Socks,Cleo,Bandit"
)
AIRLINES = (
    "~Lufthansa,Air France,Emirates,Qantas,Delta,Ryanair,Finnair,Iberia,Swiss,Turkish Airlines,Air Canada,"
    "Singapore Airlines,Iceland Express,Avianca,Garuda,Aeromexico,Jet Blue,Norwegian,Air India,Ethiopian,"
    "Cathay Pacific,Wizz Air,Alaska Air,Royal Jordanian,Korean Air"
)
FLIGHTS = (
    "~LH204,BA117,AF83,QF9,EK412,DL55,KL1023,SK678,IB3166,TK19,AY847,UA90,LX318,OS501,FR2240,AC872,NZ6,JL44,"
    "SQ322,AZ610,TP1352,EI154,VY8301,CX251,ET707,WN1480,HA22,AM404,CA938,LO281"
)
CARS = (
    "~red van,blue estate car,family car,old pickup,sports car,minibus,electric car,white lorry,jeep,convertible,"
    "hatchback,camper van,taxi,delivery van,station wagon,limousine,silver saloon,motorbike,scooter,tractor"
)
MUSEUMS = (
    "~the old castle,the town hall,Central Park,the cathedral,the science museum,the harbour,the opera house,"
    "the zoo,the main square,the lighthouse,the stadium,the botanical garden,the airport,the university,"
    "the railway station,the art gallery,the fish market,the public library,the beach,the city hospital,"
    "the south bridge,the post office,the swimming pool,the aquarium,the bus depot,the shopping centre"
)
EXERCISES = (
    "~push-ups,squats,lunges,sit-ups,burpees,pull-ups,star jumps,planks,deadlifts,bench presses,rowing,"
    "skipping,calf raises,crunches,step-ups,dips,leg raises,mountain climbers,bicep curls,hip thrusts,"
    "shoulder presses,kettlebell swings,wall sits,side bends,box jumps"
)
TEAMS = (
    "~Arsenal,the Lakers,Bayern Munich,the Red Sox,Real Madrid,the Blackhawks,Ajax,the Packers,Juventus,Celtic,"
    "the Yankees,Porto,the Maple Leafs,Benfica,the Bulls,Liverpool,Boca Juniors,the Dolphins,Leeds United,"
    "the Wallabies,the Springboks,Galatasaray,the Rangers,Valencia,the Harlequins,Everton,the Rockets,Napoli"
)

FAMILIES = [
    Family(
        "turn_on_light|light_on|switch_light_on",
        "Turn on the light in a room|Switches the lamps of a room on|Make a room bright",
        ("room|place|area:" + ROOMS,),
        "Turn on the light in the {0}|It is too dark in the {0}, I need the lamps on|{0} light on please"
        "|Lights on, {0}"
        "|Please switch the lamp on in the {0}|I cannot see a thing in the {0}, give me some light"
        "|Light up the {0}|Somebody is in the {0} and it is dark, put the light on"
        "|In the {0} I would like the lights on"
        "|Can the {0} have its lights on?|put on the lamps of the {0}",
        "on|light is on|ok",
    ),
    Family(
        "turn_off_light|light_off|switch_light_off",
        "Turn off the light in a room|Switches the lamps of a room off|Make a room dark",
        ("room|place|area:" + ROOMS,),
        "Turn off the light in the {0}|Nobody is in the {0}, so put the lights out|{0} light off"
        "|Please switch the lamp off in the {0}|I left the light burning in the {0}, turn it off"
        "|Lights out in the {0}"
        "|Make the {0} dark|We want to sleep, so no more light in the {0}|In the {0} the lamps should go off"
        "|Kill the lights in the {0} to save power|the {0} needs no light any more, switch it off",
        "off|light is off|ok",
    ),
    Family(
        "dim_light|set_brightness|light_level",
        "Set how bright the light of a room is|Dim or brighten a lamp to a percentage",
        ("room|place|zone:" + ROOMS, "brightness|level|percent:level"),
        "Dim the light in the {0} to {1} percent|Set the {0} lamp to {1} percent|{0} brightness {1}"
        "|I want {1} percent brightness in the {0}|The lamp in the {0} is too strong, {1} percent will do"
        "|Bring the {0} lights to {1} percent|At {1} percent the light in the {0} would be nice"
        "|Make the {0} lamps shine at level {1}|Light level {1} for the {0}, please"
        "|How about {1} percent brightness for the {0}?|lower the {0} lights to {1}",
        "{1}|done|set to {1}",
    ),
    Family(
        "light_color|set_light_color|change_lamp_color",
        "Change the color of the light in a room|Give a lamp another color",
        ("color|shade:color", "room|lamp|place:" + ROOMS),
        "Make the light in the {1} {0}|I want {0} light in the {1}|{1} lamp {0}|Change the {1} light to {0}"
        "|Let the lamps in the {1} glow {0}|For the party the {1} should be lit in {0}"
        "|Please color the {1} lights {0}"
        "|{0} is the color I would like for the {1} lamp|Can I have {0} light in the {1}?"
        "|Turn the bulbs of the {1} {0}",
        "{0}|ok|color set",
    ),
    Family(
        "set_thermostat|heat_room|set_room_temperature",
        "Set the heating of a room to a number of degrees|Tell the thermostat how warm a room should be",
        ("room|zone:" + ROOMS, "degrees|target|temperature:number"),
        "Heat the {0} to {1} degrees|Set the thermostat in the {0} to {1}|I am cold in the {0}, make it {1} degrees"
        "|{0} heating {1}|The {0} should be {1} degrees warm|Please bring the {0} up to {1} degrees"
        "|{1} degrees in the {0} would be perfect|Thermostat of the {0} to {1}, please"
        "|The baby sleeps in the {0}, keep it at {1} degrees|Warm the {0} until it has {1} degrees"
        "|Put the radiator in the {0} on {1}",
        "{1}|heating to {1}|ok",
    ),
    Family(
        "room_temperature|indoor_temperature|measure_room",
        "Measure how warm it is inside a room|Read the thermometer of a room at home",
        ("room|sensor:" + ROOMS,),
        "How warm is it in my {0}?|Read the thermometer in the {0}|What does the sensor in the {0} show?"
        "|{0} temperature"
        "|Is the {0} warm? Tell me the degrees|I wonder how many degrees the {0} has|Measure the {0}"
        "|Before I go into the {0}, tell me how warm it is|Check the heat in the {0}"
        "|The {0} feels chilly, what does its thermometer say?",
        "{t} degrees|{t}",
    ),
    Family(
        "lock_door|lock|secure_door",
        "Lock a door of the house|Close the lock of a door",
        (
            "door|which:~front door,back door,garage door,cellar door,garden gate,side entrance,patio door,shed door,"
            "main gate,office door,balcony door,bike shed,barn door,kitchen door,porch door,service door",
        ),
        "Lock the {0}|Is the {0} open? Lock it|I forgot to lock the {0}, do it for me|{0} lock|Please secure the {0}"
        "|We are leaving, so lock the {0}|Make sure nobody comes in through the {0}, lock it"
        "|The {0} should be locked"
        "|Put the bolt on the {0}|For the night, lock the {0}",
        "locked|ok",
    ),
    Family(
        "unlock_door|open_lock|unlock",
        "Unlock a door of the house|Open the lock of a door so that someone can come in",
        (
            "door|which:~front door,back door,garage door,cellar door,garden gate,side entrance,patio door,shed door,"
            "main gate,office door,balcony door,bike shed,barn door,kitchen door,porch door,service door",
        ),
        "Unlock the {0}|Let the plumber in, unlock the {0}|{0} unlock|Open the lock of the {0}"
        "|I stand outside without a key, unlock the {0}|My sister is here, release the {0} for her"
        "|Please unlock the {0} for me|The {0} is locked and I want it unlocked|Undo the lock on the {0}"
        "|The mail man needs to get in by the {0}, unlock it",
        "unlocked|open",
    ),
    Family(
        "blinds|move_blinds|set_shutters",
        "Raise or lower the blinds of a room|Open or close the shutters",
        ("action|move|direction:=raise,lower", "room|window:" + ROOMS),
        "Please {0} the blinds in the {1}|In the {1}, {0} the shutters"
        "|The sun is blinding me, {0} the blinds of the {1}"
        "|{1} blinds {0}|I want you to {0} the blinds in the {1}|{0} the {1} shutters|{0} all the blinds in the {1}"
        "|It is morning, {0} the {1} blinds|Go and {0} the shutters of the {1}",
        "done|ok|moving",
    ),
    Family(
        "switch_on_device|power_on|start_appliance",
        "Switch on an appliance at home|Give power to a smart plug device",
        ("device|appliance:" + DEVICES,),
        "Switch on the {0}|Start the {0}|{0} on|Please power up the {0}|I need the {0} running|Get the {0} going"
        "|Put the {0} on, I will be home soon|The {0} should be on when I come back, start it"
        "|Would you turn on the {0}?|Let the {0} run|Give power to the {0}",
        "running|on|started",
    ),
    Family(
        "switch_off_device|power_off|stop_appliance",
        "Switch off an appliance at home|Cut the power of a smart plug device",
        ("device|appliance:" + DEVICES,),
        "Switch off the {0}|Stop the {0}|{0} off|Please shut down the {0}|I think I left the {0} on, turn it off"
        "|The {0} is still running and should not|Cut the power to the {0}"
        "|We do not need the {0} any more, switch it off"
        "|No more {0} for tonight, off with it|Would you turn off the {0}?|Save energy and stop the {0}",
        "stopped|off",
    ),
    Family(
        "energy_use|power_consumption|read_meter",
        "How much electricity a device has used|Read the power meter of an appliance in kilowatt hours",
        ("device|appliance:" + DEVICES, "period|span:=today,this week,this month,this year"),
        "How much power did the {0} use {1}?|Electricity of the {0} {1}|{0} consumption {1}"
        "|Tell me what the {0} has eaten in energy {1}|I want to know the kilowatt hours of the {0} for {1}"
        "|What has the {0} used up {1}?|My bill is high: how much did the {0} draw {1}?"
        "|{1}, how many kilowatt hours went into the {0}?|Read the meter of the {0} for {1}"
        "|Show the energy use of the {0} {1}",
        "{n} kWh|{n}",
    ),
    Family(
        "set_alarm_system|arm_house|burglar_alarm",
        "Put the burglar alarm of the house into a mode|Arm or disarm the house alarm",
        ("mode|state:=armed,disarmed,night",),
        "Set the house alarm to {0}|The burglar alarm should be {0}|House alarm {0}|Put the security system on {0}"
        "|We are going out, alarm to {0}|I want the alarm system {0}|Security mode {0}, please"
        "|Switch the home alarm to {0}"
        "|Please make the burglar alarm {0}",
        "{0}|ok",
    ),
    Family(
        "camera_snapshot|look_at_camera|take_camera_picture",
        "Take a picture with a security camera|Show what a camera at home sees",
        (
            "camera|place:~front door,driveway,back yard,garage,garden,hallway,gate,stable,chicken house,nursery,porch,"
            "parking space,roof,pool,barn,cellar,shop entrance,street side,terrace,bird house",
        ),
        "Show me the camera at the {0}|Who is at the {0}? Take a picture|{0} camera|What does the {0} camera see?"
        "|Take a snapshot from the {0} camera|I heard a noise near the {0}, show the camera"
        "|Give me a picture of the {0} from the security camera|Look through the camera by the {0}"
        "|Is anything moving at the {0}? Use the camera|Let me see the {0} on the camera",
        "{w}.jpg|a cat|nobody there|a parcel",
    ),
    Family(
        "start_vacuum|robot_vacuum|vacuum_room",
        "Send the robot vacuum to a room|Vacuum the floor of a room",
        ("room|area:" + ROOMS,),
        "Vacuum the {0}|Send the robot to clean the floor of the {0}|Crumbs everywhere in the {0}, vacuum it"
        "|{0} vacuum|Let the robot vacuum do the {0}|The {0} floor is dusty, start the vacuum|Hoover the {0} please"
        "|I want the carpet in the {0} vacuumed|Guests are coming, let the robot go through the {0}"
        "|The vacuum should go to the {0}",
        "cleaning|started|{n} seconds left",
    ),
    Family(
        "dock_vacuum|vacuum_home|recall_vacuum",
        "Send the robot vacuum back to its charging station|Stop vacuuming and dock",
        (),
        "Send the vacuum back to its station|The robot should go and charge|Vacuum, go home|Dock the robot vacuum"
        "|Enough vacuuming, back to the charger|Call back the hoover robot|Let the vacuum return to its dock"
        "|The robot vacuum is in my way, send it home|Stop the vacuum robot and park it",
        "docked|on its way|charging",
    ),
    Family(
        "start_washing|wash_clothes|washing_program",
        "Start the washing machine with a program|Wash clothes at a number of degrees",
        (
            "program|laundry:~wool,cotton,silk,jeans,towels,bed sheets,baby clothes,sportswear,delicates,curtains,"
            "white shirts,dark clothes,work overalls,napkins,socks,uniforms,linen,jackets",
            "degrees|heat:=20,30,40,60,90",
        ),
        "Wash the {0} at {1} degrees|Start the washing machine for {0} with {1} degrees|{0} wash {1}"
        "|The {0} are dirty, wash at {1} degrees|I need {0} cleaned at {1} degrees|At {1} degrees, please wash {0}"
        "|Laundry program {0}, heat {1}|Run a {1} degree wash with {0}"
        "|My machine is full of {0}, start it at {1} degrees|{1} degrees for the {0} in the washing machine",
        "started|done in {n} minutes",
    ),
    Family(
        "preheat_oven|heat_oven|oven_temperature",
        "Heat the oven to a temperature|Preheat the oven",
        ("degrees|temperature|heat:=140,150,160,170,180,190,200,210,220,230,240,250",),
        "Preheat the oven to {0} degrees|Oven to {0}|I will bake a cake, heat the oven to {0} degrees"
        "|oven {0} degrees"
        "|The oven should reach {0} degrees|Set my oven at {0}|Get the oven hot, {0} degrees"
        "|For the roast I need the oven at {0} degrees|Please warm the oven up to {0}"
        "|{0} degrees in the oven, please",
        "heating|{0}|ok",
    ),
    Family(
        "brew_coffee|make_coffee|coffee_machine",
        "Let the coffee machine make a drink|Brew coffee of a kind and a number of cups",
        (
            "drink"
            "|kind:~espresso,cappuccino,latte,filter coffee,mocha,flat white,americano,macchiato,decaf,black coffee,"
            "milk coffee,double espresso,cortado,lungo,iced coffee",
            "cups|count:small",
        ),
        "Brew {1} cups of {0}|I need {1} cups of {0} to wake up|{0} times {1}|Make me {0}, {1} cups of it"
        "|Let the machine prepare {1} cups of {0}|Please make {1} cups of {0} for my guests|{1} cups {0}"
        "|We are thirsty for {0}, {1} cups please|Coffee machine: {0}, {1} cups"
        "|How about {1} cups of {0}? Start the machine",
        "brewing|ready in {n} seconds",
    ),
    Family(
        "find_recipe|get_recipe|recipe",
        "Find the recipe of a dish|How to cook a meal|Look up cooking instructions",
        ("dish|meal|food:" + DISHES,),
        "How do I cook {0}?|Recipe for {0}|I want to make {0} tonight, show me how|{0} recipe please"
        "|Find me instructions for {0}|What goes into {0} and how is it made?"
        "|My grandmother made {0}, I need a recipe"
        "|Look up how {0} is cooked|Teach me to make {0}|I would love to cook {0} but do not know how"
        "|Give me the steps for preparing {0}|Is {0} hard to cook? Get the recipe",
        "{w} recipe, {n} steps|mix, bake and serve|boil for {n} minutes",
    ),
    Family(
        "recipes_by_ingredient|cook_with|what_to_cook",
        "Suggest dishes that use an ingredient|What can be cooked from something in the fridge",
        ("ingredient|have:" + INGREDIENTS,),
        "What can I cook with {0}?|I have too much {0}, what can I make from it?|Dishes with {0}|ideas for {0}"
        "|There is only {0} in my fridge, suggest a meal|Suggest something that uses {0}"
        "|Use up the {0}: which dish?|Which meals contain {0}?|My kitchen is full of {0}, what shall I cook?"
        "|Find dishes made of {0}",
        "soup|{w} pie|a stew|salad",
    ),
    Family(
        "add_to_shopping_list|shopping_add|buy_later",
        "Add an item to the shopping list|Put food on the grocery list",
        ("item|product:" + INGREDIENTS, "amount|quantity|count:small"),
        "Put {1} packs of {0} on the shopping list|Add {0} to my shopping list, {1} of them|shopping list: {0}, {1}"
        "|We are out of {0}, note {1} packs on the list|I must remember to buy {1} packs of {0}"
        "|On the grocery list I want {0}, quantity {1}|Write down {1} bags of {0} for the shop"
        "|Groceries: {1} times {0}|The list still lacks {0}, add {1}|Please note {0} for shopping, {1} pieces",
        "added|{n} items|ok",
    ),
    Family(
        "remove_from_shopping_list|shopping_remove|unlist_item",
        "Remove an item from the shopping list|Take food off the grocery list",
        ("item|product:" + INGREDIENTS,),
        "Take {0} off the shopping list|I already bought {0}, remove it from the list"
        "|Remove {0} from the grocery list"
        "|shopping list without {0}|We no longer need {0}, strike it off the list|Delete {0} from the things to buy"
        "|Cross out {0} on my shopping list|{0} can go from the list, I have some"
        "|Please drop {0} from the groceries",
        "removed|{n} items left",
    ),
    Family(
        "show_shopping_list|read_shopping_list|what_to_buy",
        "Show everything on the shopping list|Read the grocery list",
        (),
        "What is on my shopping list?|Show the shopping list|What do I have to buy?|Read me the groceries"
        "|I am in the shop, what was on the list?|shopping list please|List all the things I need to buy"
        "|Which groceries are still missing?|Open my grocery list",
        "milk and bread|{w} and eggs|{n} items",
    ),
    Family(
        "calories|count_calories|food_energy",
        "How many calories a food has|Energy of a dish or snack",
        ("food|dish|snack:" + DISHES,),
        "How many calories are in {0}?|calories {0}|Is {0} fattening? Give me the calories"
        "|I ate {0}, how many calories was that?|Tell me the energy in {0}|What does {0} have in calories?"
        "|Before I eat {0} I want to know its calories|Count the calories of {0}|The calories of {0}, please"
        "|I am on a diet: how heavy is {0} in calories?",
        "{n} calories|{n}",
    ),
    Family(
        "allergens|check_allergens|allergy_info",
        "List the allergens in a dish|Does a meal contain nuts, milk or gluten",
        ("dish|meal:" + DISHES,),
        "Which allergens are in {0}?|Is {0} safe for someone with an allergy?|allergens {0}"
        "|Does {0} contain nuts or milk?"
        "|My friend is allergic, check {0} for her|I cannot eat gluten, what about {0}?"
        "|Check whether {0} has allergens|Tell me what in {0} could cause an allergy"
        "|List the things in {0} that people are allergic to",
        "gluten|milk and eggs|nuts|none",
    ),
    Family(
        "kitchen_timer|cooking_timer|start_kitchen_timer",
        "Start a timer for a dish that is cooking|Kitchen timer with a label and minutes",
        (
            "label|dish:~boiled eggs,pasta,rice,roast beef,cookies,bread,potatoes,tea,pizza,cake,steak,muffins,noodles,"
            "soup,beans,pudding,croissants,chicken wings,baked apples,popcorn,gravy,turkey",
            "minutes|duration:small",
        ),
        "Set a timer for the {0}, {1} minutes|The {0} need {1} minutes, start the kitchen timer|{0} timer {1} min"
        "|Remind me in {1} minutes to look at the {0}|Cook the {0} for {1} minutes, set a timer"
        "|In {1} minutes the {0} will be ready, ring then|Time the {0} for {1} minutes"
        "|I put the {0} on the stove, call me after {1} minutes|Start {1} minutes on the clock for the {0}"
        "|Kitchen timer: {1} minutes, {0}",
        "started|{h}",
    ),
    Family(
        "substitute|replace_ingredient|ingredient_substitute",
        "Find something to use in place of a missing ingredient|Substitute for an ingredient",
        ("ingredient|missing:" + INGREDIENTS,),
        "What can I use in place of {0}?|I have run out of {0}, what can replace it?|Substitute for {0}"
        "|no {0} at home, alternatives?|Find a replacement for {0} in baking"
        "|Is there anything like {0} I could take?"
        "|Without {0}, what should go into the dough?|The recipe wants {0} but I have none, what else works?"
        "|Something to stand in for {0}, please",
        "oat milk|{w}|apple sauce|cornflour",
    ),
    Family(
        "scale_recipe|adjust_servings|servings",
        "Change a recipe to feed a number of people|Scale the amounts of a dish",
        ("dish|recipe:" + DISHES, "people|servings|portions:small"),
        "Scale {0} for {1} people|I want to cook {0} for {1} people, how much of everything?|{0} for {1} portions"
        "|We will be {1} at the table, adjust the {0}|Change the amounts of {0} to {1} servings"
        "|For {1} guests, work out the {0}|How much do I need for {0} with {1} eaters?"
        "|Make the recipe of {0} fit {1} people|{1} servings of {0}: what amounts?"
        "|Recalculate {0} so that {1} can eat",
        "{n} grams|{n} g flour",
    ),
    Family(
        "find_restaurant|restaurant_search|where_to_eat",
        "Find a restaurant with a kind of food in a city|Search a place to eat",
        (
            "cuisine|food"
            "|style:~Italian,Thai,Mexican,Indian,Greek,Japanese,vegan,French,Turkish,Korean,Lebanese,Spanish,"
            "Chinese,Ethiopian,Vietnamese,Polish,seafood,barbecue,Persian,Moroccan,Peruvian,German,Cuban,Nepali,kosher",
            "city|place|town:city",
        ),
        "Find a {0} restaurant in {1}|Where can I eat {0} food in {1}?|{0} food {1}|I am hungry for {0} in {1}"
        "|We are in {1} and would like a {0} meal|In {1}, which {0} restaurant is good?"
        "|Good {0} place in {1}, please"
        "|I feel like {0} tonight and I am in {1}|Search {1} for {0} cooking|Dinner in {1}, {0} if possible"
        "|Recommend somewhere {0} to eat in {1}",
        "{w} House|The {w}|Chez {w}",
    ),
    Family(
        "book_table|reserve_table|restaurant_booking",
        "Reserve a table at a restaurant|Book a table for a number of guests at a time",
        (
            "restaurant|place:~Golden Dragon,Luigi's,The Old Mill,Blue Lagoon,Casa Maria,The Green Fork,Taj Palace,"
            "Harbour Grill,Le Petit Jardin,Black Bear Inn,Sakura,The Copper Pot,Olive Tree,Rosa's,The Red Barn,"
            "Pho Hanoi,"
            "El Toro,Moon Garden,The Lighthouse,White Swan",
            "guests|people:small",
            "time|when:time",
        ),
        "Book a table at {0} for {1} people at {2}|Reserve {0} for {1} at {2}|table {0} {1} people {2}"
        "|At {2} we want to eat at {0}, there are {1} of us|We are {1} and would like a table at {0} at {2}"
        "|Get me a table for {1} at {2} in {0}|Dinner at {0}: {1} guests, {2}"
        "|Please make a reservation, {1} people, {2}, restaurant {0}"
        "|{1} of us are coming to {0} at {2}, reserve a table"
        "|I have to feed {1} guests at {2}, take {0}",
        "booked|table {n}",
    ),
    Family(
        "order_food|food_delivery|order_meal",
        "Order food to be delivered to your home|Have a meal brought by a courier",
        ("dish|food|meal:" + DISHES, "quantity|portions|count:small"),
        "Order {1} portions of {0}|Have {1} portions of {0} delivered|{0} delivery, {1} portions"
        "|We are too tired to cook, order {0} for {1}|I would like {1} times {0} brought to my house"
        "|Let a courier bring {1} helpings of {0}|Send me {0}, {1} portions please|{1} times {0} to my door"
        "|Get {0} delivered, {1} portions|My family is hungry for {0}, order {1} portions",
        "ordered|here in {n} minutes",
    ),
    Family(
        "wine_pairing|drink_for_dish|pair_drink",
        "Which drink goes well with a dish|Recommend a wine for a meal",
        ("dish|food:" + DISHES,),
        "Which wine goes with {0}?|What should we drink with {0}?|wine for {0}|I am serving {0}, recommend a drink"
        "|A good drink to go with {0}, please|Pair a wine with {0}|With {0}, is red or white better?"
        "|For our dinner of {0} I need the right wine|Tell me what drink suits {0}",
        "red wine|white wine|cider|{w}",
    ),
    Family(
        "fridge_contents|what_is_in_fridge|check_fridge",
        "List the food in the smart fridge|See what is left in the refrigerator",
        (),
        "What is in my fridge?|Show the contents of the fridge|Is there any food left in the refrigerator?"
        "|Check the fridge for me|I am at work, what do we still have in the fridge?|fridge contents"
        "|Look into the fridge and tell me what you see|List all the food in my refrigerator"
        "|Before I go shopping, what is still in the fridge?",
        "cheese and milk|{n} eggs|butter",
    ),
    Family(
        "expiry_date|best_before|food_expiry",
        "When a food in the pantry goes bad|Look up the best before date of a product at home",
        ("product|item:" + INGREDIENTS,),
        "When does the {0} go bad?|Is the {0} still good? Look up its date|best before {0}"
        "|Until when can we eat the {0}?"
        "|I found old {0} at the back, when does it expire?|The expiry date of the {0}, please"
        "|Check how long the {0} will keep|How much longer is the {0} good?|Tell me the best before date of our {0}",
        "in {n} days|tomorrow|yesterday",
    ),
    Family(
        "book_flight|reserve_flight|buy_plane_ticket",
        "Book a flight between two cities on a date|Buy a plane ticket",
        ("from|origin|departure:city", "to|destination|arrival:city", "date|day:date"),
        "Book a flight from {0} to {1} on {2}|I want to fly to {1} from {0} on {2}|flight {0} {1} {2}"
        "|On {2} I have to fly from {0} to {1}|Get me a plane ticket to {1}, leaving {0} on {2}"
        "|Buy a seat on a plane from {0} to {1} for {2}|My aunt lives in {1}: book me a flight from {0} on {2}"
        "|For {2}, reserve a flight between {0} and {1}|Please book {0} to {1} by air, {2}"
        "|We leave {0} by plane on {2} and want to land in {1}",
        "booked|{w}|seat {n}",
    ),
    Family(
        "cancel_flight|drop_flight|cancel_plane_ticket",
        "Cancel a booked flight|Give back a plane ticket",
        ("flight|flight_number:" + FLIGHTS,),
        "Cancel flight {0}|I am ill and cannot fly, cancel {0}|{0} cancel|Please cancel my booking on {0}"
        "|My plans changed, so I will not take {0}|Give back my ticket for {0}|Call off my flight {0}"
        "|I no longer need my seat on {0}|The flight {0} should be cancelled|Drop my reservation for {0}",
        "cancelled|refund {n} euros",
    ),
    Family(
        "flight_status|track_flight|is_flight_on_time",
        "Tell if a flight is on time, delayed or landed|Status of a plane by its flight number",
        ("flight|flight_number:" + FLIGHTS,),
        "Is flight {0} on time?|Status of {0}|Has {0} landed yet?|flight {0} delayed?|When does {0} arrive?"
        "|My mother is on {0}, where is it?|Look up if {0} is late|I am picking someone up from {0}, is it on time?"
        "|Track the plane {0}|How is {0} doing?|Tell me about delays of flight {0}",
        "on time|delayed by {n} minutes|landed at {h}",
    ),
    Family(
        "change_seat|choose_seat|seat_selection",
        "Choose or change the seat on a flight|Pick a plane seat",
        ("flight|flight_number:" + FLIGHTS, "seat|wish:~12A,3C,27F,8D,15B,31E,22A,1F,19C,5D,30A,14F,9B,40K,6E,11D"),
        "Change my seat on {0} to {1}|I want seat {1} on flight {0}|{0} seat {1}|Put me in {1} on {0}"
        "|On flight {0}, I would like to sit in {1}|Please move me to {1}, flight {0}"
        "|Seat {1} is by the window, take it for {0}|Is {1} free on {0}? Take it"
        "|I do not like my place on {0}, give me {1}|Choose {1} as my seat for {0}",
        "changed|ok|seat taken",
    ),
    Family(
        "check_in|flight_check_in|online_check_in",
        "Check in a passenger for a flight|Get the boarding pass",
        ("flight|flight_number:" + FLIGHTS, "passenger|name|traveller:name"),
        "Check in {1} for flight {0}|{1} flies on {0}, get the boarding pass|check-in {0} {1}"
        "|I need a boarding pass for {1} on {0}|Flight {0}: check in {1}"
        "|Please do the online check-in of {1} for {0}"
        "|Passenger {1} wants to check in to {0}|For {0}, check {1} in|Get {1} checked in on flight {0}",
        "checked in|gate {n}",
    ),
    Family(
        "baggage_rules|luggage_allowance|bag_limit",
        "How much luggage an airline allows|Weight limit for bags on a plane",
        ("airline|carrier:" + AIRLINES,),
        "How much luggage may I take with {0}?|{0} baggage limit|What may my suitcase weigh on {0}?"
        "|I fly with {0}, how heavy can my bag be?|Bag rules of {0}|Tell me the luggage allowance at {0}"
        "|My suitcase is huge, does {0} allow it?|With {0}, how many kilos are free?|Look up the bag limit for {0}",
        "{n} kg|one bag",
    ),
    Family(
        "airport_code|iata_code|find_airport",
        "The three letter code of the airport of a city|Look up an airport's code",
        ("city|town:city",),
        "What is the airport code of {0}?|{0} airport code|Which three letters stand for the airport in {0}?"
        "|I need the code for the airport of {0}|Look up the airport letters for {0}"
        "|The code on my bag for {0}, what is it?"
        "|How is the airport of {0} abbreviated?|Tell me the airport code of {0}|Airport of {0}: its code please",
        "{w}|XKD|LQM",
    ),
    Family(
        "train_times|next_train|train_timetable",
        "When the next train goes from one city to another|Railway timetable",
        ("from|start|origin:city", "to|destination|end:city"),
        "When is the next train from {0} to {1}?|train {0} {1}"
        "|I have to get to {1} from {0} by rail, when do trains go?"
        "|Trains to {1} from {0}|From {0}, when can I take a train to {1}?|Look up the railway timetable {0} to {1}"
        "|I am at the station in {0} and want to go to {1}|Which train takes me to {1}? I start in {0}"
        "|Show train departures between {0} and {1}|What time does the train leave {0} for {1}?",
        "{h}|at {h}|platform {n}",
    ),
    Family(
        "buy_train_ticket|train_ticket|book_train",
        "Buy a train ticket in first or second class|Book a seat on the railway",
        ("from|origin:city", "to|destination:city", "class|travel_class:=first,second"),
        "Buy a {2} class train ticket from {0} to {1}|{2} class by rail, {0} to {1}|train ticket {0} {1} {2} class"
        "|I want to ride to {1} from {0} in {2} class, buy the ticket"
        "|Get me a rail ticket to {1} from {0}, {2} class"
        "|From {0} to {1} by train, {2} class please, and buy it|Please purchase a train ticket: {0}, {1}, {2} class"
        "|In {2} class I would like to travel from {0} to {1} by train"
        "|One train ticket for {1}, {2} class, starting in {0}",
        "{n} euros|ticket {w}",
    ),
    Family(
        "train_platform|which_platform|platform_number",
        "From which platform a train leaves|Find the track of a train",
        (
            "train"
            "|train_number:~ICE 71,RE 5,TGV 802,IC 204,S3,RB 44,EC 9,Eurostar 31,AVE 120,Night Jet 40,S8,RE 18,IC 615,"
            "Railjet 62,ICE 599,TGV 17,S11,RB 26,EC 113,Thalys 9",
        ),
        "Which platform does {0} leave from?|platform {0}|Where do I board {0}?|I must catch {0}, which track is it?"
        "|Tell me the platform of {0}|The train {0}, from which track does it go?|Find the track for {0}"
        "|On what platform is {0} standing?|I am late for {0}, what is the platform?",
        "{n}|platform {n}|track {n}",
    ),
    Family(
        "find_hotel|hotel_search|search_rooms",
        "Find a hotel in a city under a price per night|Search for a place to sleep",
        ("city|place:city", "price|max_price|budget:int"),
        "Find a hotel in {0} for less than {1} euros|Hotel in {0} up to {1} a night|hotel {0} max {1}"
        "|I need a bed in {0} and can pay {1} per night|Where can we sleep in {0} for at most {1} euros?"
        "|With {1} euros a night, which hotels are there in {0}?|Search cheap rooms in {0}, under {1}"
        "|My budget is {1} for a night in {0}, find a hotel|Look for somewhere to stay in {0} below {1}"
        "|A place to sleep in {0}, {1} euros is my limit",
        "Hotel {w}|{w} Inn|The {w}",
    ),
    Family(
        "book_hotel|reserve_room|book_room",
        "Book a hotel room for a number of nights from a date|Reserve a stay",
        (
            "hotel"
            "|name:~Hilton,Grand Plaza,Sea View,Park Inn,The Ritz,Alpine Lodge,Sunset Motel,Palm Court,Royal Garden,"
            "City Hostel,Mountain Star,Bellevue,The Savoy,River House,Golden Lion,Maple Leaf Inn,Atlantic,Cosy Corner",
            "nights|duration:small",
            "date|from|arrival:date",
        ),
        "Book a room at the {0} for {1} nights from {2}|I stay at the {0} for {1} nights, starting {2}"
        "|{0} {1} nights {2}"
        "|From {2} I need {1} nights at the {0}|Reserve {1} nights in the {0}, arriving on {2}"
        "|We arrive on {2} and stay {1} nights, take the {0}|Hotel {0}: {1} nights, first night {2}"
        "|Get a room for me at the {0} on {2}, {1} nights|Please reserve the {0} from {2} on for {1} nights"
        "|For {1} nights I would like to sleep at the {0}, from {2}",
        "booked|room {n}",
    ),
    Family(
        "hotel_wake_up|wake_up_call|wake_guest",
        "Order a wake-up call for a hotel room|Have a guest woken at a time",
        ("room|room_number:int", "time|at:time"),
        "Wake up room {0} at {1}|Wake-up call for room {0} at {1}|room {0} wake {1}"
        "|At {1} please call room {0} to wake them"
        "|I am in room {0} and must get up at {1}|The guest in {0} wants to be woken at {1}"
        "|Ring room {0} at {1}, so that they wake up|We have an early bus, wake us in room {0} at {1}"
        "|{1} is when room {0} should be woken",
        "noted|ok",
    ),
    Family(
        "call_taxi|order_taxi|get_cab",
        "Order a taxi to pick you up at a place|Call a cab",
        ("pickup|place|from:" + MUSEUMS, "time|when:time"),
        "Call a taxi to {0} at {1}|I need a cab at {0} at {1}|taxi {0} {1}|At {1} a taxi should pick me up at {0}"
        "|Order a cab for {1}, I will be at {0}|Get me a taxi from {0}, {1}|My feet hurt, send a taxi to {0} at {1}"
        "|Please have a cab waiting at {0} at {1}|We will stand in front of {0} at {1} and need a taxi"
        "|For {1}, one taxi to {0}",
        "car {n}|on its way|ordered",
    ),
    Family(
        "taxi_fare|estimate_fare|ride_price",
        "Estimate what a taxi ride between two places costs|Price of a cab ride",
        ("from|start:" + MUSEUMS, "to|end|destination:" + MUSEUMS),
        "What does a taxi from {0} to {1} cost?|taxi price {0} to {1}|How much is a cab to {1} from {0}?"
        "|I want to know the fare from {0} to {1}|Is a ride between {0} and {1} expensive? Estimate it"
        "|From {0} by taxi to {1}, how much would I pay?|Estimate the cab fare to {1}, starting at {0}"
        "|Fare for a taxi going from {0} to {1}, please|I have little money, what is a taxi from {0} to {1}?",
        "{n} euros|{n} dollars",
    ),
    Family(
        "rent_car|car_rental|hire_car",
        "Rent a car in a city for some days|Hire a vehicle",
        ("car|type|vehicle:" + CARS, "city|place:city", "days|duration:small"),
        "Rent a {0} in {1} for {2} days|I need a {0} for {2} days in {1}|{0} rental {1} {2} days"
        "|In {1} I want to hire a {0}, {2} days|For {2} days, get me a {0} in {1}"
        "|We land in {1} and would like to drive a {0} for {2} days|Hire a {0} for me, {2} days, {1}"
        "|Please reserve a {0} to pick up in {1}, I keep it {2} days|{2} days with a {0} in {1}, rent one",
        "rented|{n} euros",
    ),
    Family(
        "visa_needed|visa_rules|check_visa",
        "Whether travellers need a visa for a country|Entry rules of a country",
        ("country|destination:" + COUNTRIES,),
        "Do I need a visa for {0}?|visa {0}|Can I enter {0} with only my passport?|What are the entry rules of {0}?"
        "|We want to spend our holiday in {0}, is a visa needed?|Check if {0} asks for a visa"
        "|Visa rules for {0}, please"
        "|I have been invited to {0} and wonder about the visa|Tell me whether {0} lets tourists in without a visa",
        "yes|no|for stays over {n} days",
    ),
    Family(
        "travel_warning|is_it_safe|travel_advice",
        "Safety advice for travelling to a country|Are there travel warnings",
        ("country|destination:" + COUNTRIES,),
        "Is it safe to travel to {0}?|travel advice {0}|Are there warnings for {0}?"
        "|My son is going to {0}, is it dangerous?"
        "|What does the office say about safety in {0}?|Any travel warning for {0}"
        "|Tell me how safe {0} is for tourists"
        "|Before we visit {0}, check the safety advice|Give me the current travel warnings about {0}",
        "safe|be careful|avoid the border",
    ),
    Family(
        "packing_list|what_to_pack|suitcase_list",
        "Make a list of things to pack for a kind of trip|What to put in a suitcase",
        (
            "trip|kind"
            "|occasion:~beach holiday,ski trip,camping weekend,business trip,city break,safari,cruise,hiking tour,"
            "wedding,school trip,road trip,music festival,sailing week,honeymoon,bike tour,desert tour,spa weekend,"
            "jungle trek,fishing trip,diving holiday",
            "days|length:small",
        ),
        "What should I pack for a {0} of {1} days?|packing list {0} {1} days"
        "|I am going on a {0} for {1} days, what do I take?"
        "|Make a list for my suitcase: {0}, {1} days|For {1} days of {0}, what goes in the bag?"
        "|Help me pack, it is a {0} and lasts {1} days|My {0} takes {1} days, write a packing list"
        "|Which things do I need on a {0} that goes on for {1} days?|{1} days away on a {0}, list what to bring",
        "{n} things|boots and a hat|socks and soap",
    ),
    Family(
        "ferry_times|next_ferry|boat_schedule",
        "When the ferry to an island or port leaves|Boat timetable",
        (
            "port|island"
            "|destination:~Capri,Corsica,Gotland,Naxos,Dover,Calais,Ibiza,Crete,Rhodes,Tallinn,Bastia,Malta,Mull,"
            "Santorini,Bornholm,Sardinia,Jersey,Hvar,Bergen,Zanzibar,Skye,Tinos,Nantucket,Elba",
        ),
        "When does the ferry to {0} leave?|ferry {0}|Is there a boat to {0} this afternoon? Show the times"
        "|I want to cross over to {0} by ship, when?|Boat times for {0}|Next ferry for {0}, please"
        "|We are at the pier and want to go to {0}|How late can I still get a ferry to {0}?"
        "|Look up the ship that sails to {0}",
        "{h}|at {h}",
    ),
    Family(
        "bus_stop_departures|next_bus|bus_line",
        "Next departures of a bus line at a stop|When does the bus come",
        (
            "line|bus:small",
            "stop"
            "|station:~Market Street,Oak Avenue,Town Hall,Mill Lane,North Gate,High Street,River Road,"
            "King's Cross,Station Square,Elm Park,Church Hill,Bakery Corner,Harbour Side,Forest Road,Castle View,"
            "School Lane,Museum Island,Victoria Place,Stadium South,Lake End",
        ),
        "When does bus {0} stop at {1}?|bus {0} {1}|I am waiting at {1} for line {0}, how long still?"
        "|Next {0} bus from {1}|At {1}, when does the {0} come?|Tell me when line {0} leaves {1}"
        "|The bus {0} should be at {1} soon, when exactly?|I stand at {1} in the rain, where is the {0} bus?"
        "|Show departures of bus line {0} at the stop {1}",
        "in {n} minutes|{h}|at {h}",
    ),
    Family(
        "get_directions|route|find_way",
        "Find the way from one place to another by a means of travel|Directions on a map",
        ("start|from|origin:" + MUSEUMS, "end|to|goal:" + MUSEUMS, "mode|by:=car,bike,foot,bus"),
        "How do I get from {0} to {1} by {2}?|Directions from {0} to {1} by {2}|{0} to {1} by {2}"
        "|I want to go to {1} by {2}, starting at {0}|Show the way by {2} between {0} and {1}"
        "|By {2}, what is the best way from {0} to {1}?|Lead me to {1} from {0} by {2}"
        "|I am at {0} and want to reach {1} by {2}|Plan a route by {2}: {0}, then {1}"
        "|We got lost at {0}, guide us to {1} by {2}",
        "go left, then {n} metres|straight on|{n} minutes",
    ),
    Family(
        "distance_between|distance|how_far",
        "The distance between two cities in kilometres or miles|How far apart places are",
        ("from|city_a|start:city", "to|city_b|end:city", "unit|measure:=kilometres,miles"),
        "How many {2} is it from {0} to {1}?|Distance {0} to {1} in {2}|{0} {1} distance {2}"
        "|How far is {1} from {0} in {2}?|Tell me in {2} how far apart {0} and {1} are"
        "|I plan to drive from {0} to {1}, how many {2} are that?|In {2}, what lies between {0} and {1}?"
        "|Measure the way from {0} to {1}, in {2} please|Is it far to {1}? I am in {0}, answer in {2}",
        "{n} {2}|{n}",
    ),
    Family(
        "travel_time|drive_time|how_long_drive",
        "How long the drive between two cities takes|Driving time",
        ("from|start:city", "to|goal|end:city"),
        "How long does it take to drive from {0} to {1}?|drive time {0} {1}|How many hours by car to {1} from {0}?"
        "|I leave {0} by car, when do I reach {1}? Give me the hours|Driving from {0} to {1}, how long?"
        "|What time do I need on the road between {0} and {1}?"
        "|The drive to {1} starting in {0}, how long does it last?"
        "|Is the drive from {0} to {1} long?|We are driving {0} to {1}, tell me the time it takes",
        "{n} hours|{n} minutes",
    ),
    Family(
        "traffic_report|traffic|traffic_jams",
        "Traffic jams on a road|Is a motorway free",
        (
            "road|highway"
            "|street:~A7,Route 66,M25,the ring road,the coast road,A1,the north bridge,I-95,B12,Highway 101,"
            "the airport road,M4,E45,the tunnel,A40,Main Street,the bypass,the harbour bridge,I-80,A9,"
            "the mountain pass",
        ),
        "Is there a traffic jam on {0}?|traffic {0}|How is the traffic on {0}?"
        "|I have to take {0} to work, is it free?"
        "|Jams on {0}?|Report the traffic along {0}|Check if {0} is blocked"
        "|What is going on on {0}, the cars do not move?"
        "|Should I avoid {0} because of traffic?|Tell me about queues on {0}",
        "free|{n} km jam|slow|blocked",
    ),
    Family(
        "find_nearby|nearest|search_around",
        "Find the nearest place of a kind around an address|What is close to here",
        (
            "kind|what"
            "|type:~pharmacy,bakery,cash machine,petrol station,supermarket,playground,hospital,post box,bookshop,"
            "public toilet,police station,hairdresser,laundrette,butcher,florist,car wash,bus stop,cinema,"
            "bike shop,vet,"
            "ice cream parlour,dentist,bank,charging point,toy shop,church,mosque,pub,gym",
            "near|place:" + MUSEUMS,
        ),
        "Find the nearest {0} to {1}|Where is a {0} close to {1}?|{0} near {1}|I am at {1} and need a {0}"
        "|Around {1}, is there a {0}?|Which {0} is closest to {1}?|Look for a {0} not far from {1}"
        "|Close to {1} I would like to find a {0}|Is there any {0} by {1}?|Show me a {0} in walking distance of {1}",
        "{n} metres away|{w} Street {n}|round the corner",
    ),
    Family(
        "find_parking|parking|car_park",
        "Find a free parking space near a place|Where to park the car",
        ("near|place|where:" + MUSEUMS,),
        "Where can I park near {0}?|parking {0}|Find a car park by {0}|I am driving to {0} and need a parking space"
        "|Is there a free space for my car at {0}?|Look for parking close to {0}"
        "|We cannot leave the car at {0}, or can we? Find a space"
        "|Show free parking around {0}|A spot for the car at {0}, please"
        "|How do I get rid of my car near {0}? Find parking",
        "{n} free spaces|{w} car park|full",
    ),
    Family(
        "save_place|bookmark_place|pin_place",
        "Save a place on the map under a name|Mark a favourite location",
        (
            "place|location:" + MUSEUMS,
            "label|name"
            "|as:~work,home,meeting point,picnic spot,my gym,school,lunch spot,camp,"
            "fishing spot,date night,rest stop,rendezvous,base,club,practice,favourite,hideout,start line",
        ),
        "Save {0} on the map as {1}|Mark {0} as {1}|{0} is my {1}, pin it|Put a pin named {1} on {0}"
        "|Remember {0} under the name {1}|On my map, {0} should be called {1}|Bookmark {0} with the label '{1}'"
        "|I often go to {0}, store the place as {1}|As {1}, please save {0}",
        "saved|pinned",
    ),
    Family(
        "capital_of|capital|get_capital",
        "The capital city of a country|Which city is the seat of government",
        ("country|nation|state:" + COUNTRIES,),
        "What is the capital of {0}?|capital {0}|Which city is the capital of {0}?|Name the capital of {0}"
        "|I forgot which city rules {0}, what is the capital?|For my geography test: the capital of {0}"
        "|{0}, what is its capital?|Tell me {0}'s capital city|Do you know the capital city of {0}?",
        "{C}",
    ),
    Family(
        "population_of|population|count_people",
        "How many people live in a country|The number of inhabitants",
        ("country|nation:" + COUNTRIES,),
        "How many people live in {0}?|population {0}|What is the population of {0}?|Number of inhabitants of {0}"
        "|Is {0} a big country by people? Give the number|I need the population of {0} for school"
        "|{0}: how many inhabitants?|Count the people of {0} for me|Tell me how many live in {0}",
        "{n} million|{n} thousand",
    ),
    Family(
        "mountain_height|peak_height|how_high",
        "The height of a mountain in metres|How high is a peak",
        (
            "mountain"
            "|peak:~Mount Everest,Kilimanjaro,Mont Blanc,Matterhorn,Fuji,Denali,Elbrus,Ben Nevis,Etna,Vesuvius,"
            "Zugspitze,"
            "K2,Aconcagua,Olympus,Mount Cook,Ararat,Teide,Snowdon,Annapurna,Mount Kenya,Eiger,Table Mountain,Triglav",
        ),
        "How high is {0}?|height {0}|How many metres tall is {0}?|I want to climb {0}, what is its height?"
        "|Tell me the height of {0}|{0}, how tall is it?|What is the altitude of the top of {0}?"
        "|For a quiz: how high does {0} rise?|Look up how tall {0} is",
        "{n} metres|{n}0 m",
    ),
    Family(
        "river_length|how_long_river|river_info",
        "The length of a river|How many kilometres a river flows",
        (
            "river"
            "|name:~Nile,Amazon,Danube,Rhine,Thames,Volga,Mississippi,Ganges,Mekong,Seine,Elbe,Congo,Tiber,Yangtze,Po,"
            "Murray,Loire,Niger,Vistula,Zambezi,Tagus,Oder,Hudson,Yukon,Euphrates,Jordan,Severn,Ebro",
        ),
        "How long is the {0}?|length of the {0}|How many kilometres does the {0} flow?|River {0}: how long?"
        "|I want to paddle the whole {0}, how long is it?|Tell me how long the river {0} is"
        "|What length does the {0} have?|The {0} looks endless on the map, how long is it?"
        "|Look up the length of the river {0}",
        "{n} km|{n} kilometres",
    ),
    Family(
        "time_zone|get_timezone|zone_of",
        "Which time zone a city lies in|Look up the zone of a place",
        ("city|place|town:city",),
        "Which time zone is {0} in?|time zone {0}|In what zone does {0} lie?"
        "|I will phone {0}, what time zone do they have?"
        "|Tell me the zone of {0}|The time zone for {0}, please|Look up {0} in the list of time zones"
        "|What are {0}'s hours from Greenwich? I mean the zone|My laptop asks for the time zone of {0}",
        "UTC+3|GMT|CET|zone {w}",
    ),
    Family(
        "coordinates|geocode|get_lat_lon",
        "Latitude and longitude of a city|Turn a place name into coordinates",
        ("place|city|address:city",),
        "What are the coordinates of {0}?|coordinates {0}|Latitude and longitude of {0}"
        "|Where on the globe is {0}? Give numbers"
        "|Geocode {0}|I need {0} as latitude and longitude|Turn {0} into map coordinates"
        "|Give me the position of {0} in degrees"
        "|For my GPS, the coordinates of {0} please",
        "{n}.2 {n}.7|{t} north",
    ),
    Family(
        "country_language|spoken_language|languages_of",
        "Which language people speak in a country|Official language",
        ("country|nation:" + COUNTRIES,),
        "What language do they speak in {0}?|language {0}|Which language is spoken in {0}?|Official language of {0}"
        "|I move to {0}, which language should I learn?|People in {0}, what do they speak?|Tell me the tongue of {0}"
        "|In {0}, is English enough or what do they speak?|Name the main language in {0}",
        "Spanish|French|{w}|Arabic",
    ),
    Family(
        "country_flag|describe_flag|flag_of",
        "Describe the flag of a country|Colors of a national flag",
        ("country|nation:" + COUNTRIES,),
        "What does the flag of {0} look like?|flag {0}|Which colors are in the flag of {0}?|Describe the flag of {0}"
        "|I want to draw the flag of {0}, how does it look?|{0}: its flag, please"
        "|Tell me about the flag that {0} has"
        "|The national flag of {0}, what is on it?|My son asks how the flag of {0} looks",
        "red and white|blue with a star|green and gold",
    ),
    Family(
        "symptom_check|check_symptom|what_illness",
        "Explain what a symptom may mean|Possible illnesses behind a complaint",
        ("symptom|complaint:" + SYMPTOMS, "days|since|duration:small"),
        "I have had {0} for {1} days, what can it be?|{0} since {1} days|For {1} days I suffer from {0}"
        "|What does {0} lasting {1} days mean?|My child complains of {0}, {1} days already"
        "|It has been {1} days with {0}, what is wrong with me?|Check the symptom {0}, day {1}"
        "|Is {0} dangerous after {1} days?|{1} days of {0}: which illness might this be?"
        "|I feel bad: {0}, it began {1} days ago",
        "a cold|stress|an infection|{w} fever",
    ),
    Family(
        "book_doctor|doctor_appointment|see_doctor",
        "Make an appointment with a doctor on a date|Book a visit to a medical practice",
        (
            "doctor|specialist"
            "|kind:~dentist,eye doctor,skin doctor,family doctor,heart doctor,children's doctor,surgeon,"
            "ear doctor,physiotherapist,midwife,psychologist,bone doctor,allergist,neurologist,dietician,chiropractor,"
            "speech therapist,foot doctor,orthodontist,radiologist",
            "date|day:date",
            "time|hour:time",
        ),
        "Make an appointment with the {0} on {1} at {2}|appointment {0} {1} {2}"
        "|I must see a {0}, {1} at {2} would be fine"
        "|On {1} at {2} I would like to visit the {0}|Book me in with the {0} for {2} on {1}"
        "|At {2} on {1} the {0} should see me|Get a visit to the {0}: {1}, {2}|My {0} is free on {1}, book {2}"
        "|Please arrange for the {0} to examine me on {1} at {2}|Is {2} on {1} possible with the {0}? Book it",
        "booked|confirmed",
    ),
    Family(
        "cancel_doctor|cancel_appointment|drop_doctor_visit",
        "Cancel an appointment with a doctor|Call off a medical visit",
        (
            "doctor|specialist"
            "|kind:~dentist,eye doctor,skin doctor,family doctor,heart doctor,children's doctor,surgeon,"
            "ear doctor,physiotherapist,midwife,psychologist,bone doctor,allergist,neurologist,dietician,"
            "chiropractor",
        ),
        "Cancel my appointment with the {0}|I cannot go to the {0}, cancel it|{0} visit cancel|Call off the {0}"
        "|I feel well again and do not need the {0}, drop the visit|Tell the {0} that I am not coming"
        "|Please cancel the {0} for me|The visit to the {0} must be cancelled"
        "|I will miss the {0}, take back my appointment",
        "cancelled|ok",
    ),
    Family(
        "dosage|medicine_dose|how_much_medicine",
        "How much of a medicine to take for a body weight|The right dose of a drug",
        ("medicine|drug|name:" + MEDICINES, "weight|kilos:small"),
        "How much {0} may someone of {1} kilos take?|{0} dose {1} kg|I weigh {1} kilos, what is my dose of {0}?"
        "|The patient weighs {1} kg and needs {0}, how much?|Dose of {0} for {1} kilos, please"
        "|At {1} kilos, how many milligrams of {0} are right?|My daughter weighs {1} kg, how much {0} can she have?"
        "|Work out the amount of {0} for a body weight of {1} kilos|Tell me the safe dose of {0} at {1} kg",
        "{n} mg|one tablet",
    ),
    Family(
        "side_effects|medicine_effects|drug_side_effects",
        "List the side effects of a medicine|What a drug can cause",
        ("medicine|drug|name:" + MEDICINES,),
        "What are the side effects of {0}?|side effects {0}|Does {0} make you tired? List the side effects"
        "|I take {0} and feel strange, what can it cause?|Tell me what {0} does to the body besides helping"
        "|Which side effects does {0} have?|Before I swallow {0}, what could go wrong?"
        "|Unwanted effects of {0}, please"
        "|Is {0} bad for the stomach? Show its effects",
        "nausea|tiredness|dry mouth|none",
    ),
    Family(
        "drug_interaction|mix_medicines|check_interaction",
        "Whether two medicines may be taken together|Check a mix of drugs",
        ("first|drug_a|medicine:" + MEDICINES, "second|drug_b|other:" + MEDICINES),
        "Can I take {0} together with {1}?|{0} and {1} together?|Is it safe to mix {0} and {1}?"
        "|I already take {0}, may I add {1}?|Do {0} and {1} get along?|Check {0} against {1}"
        "|My father uses {0}, and now the doctor gave him {1} as well, is that fine?|Mixing {0} with {1}, any risk?"
        "|Does {0} change how {1} works?|Interaction of {0} and {1}, please",
        "safe|not safe|ask a doctor",
    ),
    Family(
        "pill_reminder|medicine_reminder|remind_medicine",
        "Remind someone every day to take a medicine|Set a daily pill reminder",
        ("medicine|pill|drug:" + MEDICINES, "time|at:time"),
        "Remind me to take my {0} every day at {1}|{0} reminder {1}|At {1} each day I have to take {0}, remind me"
        "|I keep forgetting my {0}, ring at {1} daily|Daily at {1}: {0}"
        "|My {0} is due at {1} every day, set a reminder"
        "|Every day when it is {1}, tell me to swallow my {0}|Please set a pill alarm for {0} at {1}"
        "|Do not let me miss the {0} at {1} each day",
        "set|ok",
    ),
    Family(
        "refill_prescription|order_medicine|renew_prescription",
        "Order a medicine again from the pharmacy|Renew a prescription",
        ("medicine|drug:" + MEDICINES, "packs|boxes|count:small"),
        "Refill my prescription for {0}, {1} packs|I am running low on {0}, get {1} boxes|{0} refill {1}"
        "|Order {1} packs of {0} at the pharmacy|My {0} is nearly gone, renew it, {1} packs"
        "|The pharmacy should send me {1} boxes of {0}|Please renew the {0}: {1} packs"
        "|I need {1} more packs of {0} from the chemist"
        "|{1} packs of {0} on prescription, please",
        "ready at {h}|ordered",
    ),
    Family(
        "log_blood_pressure|save_blood_pressure|blood_pressure",
        "Write down a blood pressure reading|Store the upper and lower value",
        ("systolic|upper|high:int", "diastolic|lower|low:small"),
        "My blood pressure is {0} over {1}, write it down|Blood pressure {0} to {1}|log {0} over {1}"
        "|The cuff shows {0} above and {1} below|Note a blood pressure of {0} over {1}"
        "|I just measured: upper {0}, lower {1}|Save {0} over {1} in my blood pressure diary"
        "|With a lower value of {1} and an upper of {0}, record my blood pressure"
        "|The nurse read {0} over {1}, please store it",
        "saved|logged",
    ),
    Family(
        "log_weight|save_weight|record_body_weight",
        "Write down your body weight|Store what the scale shows",
        ("weight|kilos|value:number",),
        "I weigh {0} kilos today|Log my weight: {0}|weight {0} kg|The scale shows {0}, note it"
        "|Write down {0} kilos for me"
        "|Save {0} as my body weight|After breakfast I was {0} kilos, record it"
        "|My weight is {0}, put it in the diary"
        "|Store that I weigh {0}|{0} kilos on the scale this morning",
        "saved|down by {n} grams",
    ),
    Family(
        "log_sleep|save_sleep|record_sleep",
        "Record how many hours you slept|Keep a sleep diary",
        ("hours|duration:number",),
        "I slept {0} hours|Log {0} hours of sleep|sleep {0} h|Last night I got {0} hours of sleep, note it"
        "|Write {0} hours in my sleep diary|My night had only {0} hours|Record that I was asleep for {0} hours"
        "|{0} hours in bed with my eyes shut, save it|Put down {0} hours for the night",
        "saved|ok",
    ),
    Family(
        "log_water|drink_water|track_water",
        "Record how much water you drank|Add glasses to the drinking diary",
        ("glasses|amount|cups:small",),
        "I drank {0} glasses of water|Log {0} glasses|water {0}|Add {0} glasses of water to my day"
        "|Note that I have had {0} glasses to drink|My water today: {0} glasses"
        "|{0} glasses of water are down, count them"
        "|Put {0} more glasses in the drinking diary|After my run I emptied {0} glasses of water, record it",
        "saved|{n} ml today",
    ),
    Family(
        "body_mass_index|bmi|compute_bmi",
        "Work out the body mass index from weight and height|BMI calculator",
        ("weight|kilos:small", "height|centimetres:int"),
        "What is the body mass index for {0} kilos and {1} centimetres?|bmi {0} kg {1} cm"
        "|I weigh {0} kilos and am {1} cm tall, am I too heavy?|BMI of someone {1} cm tall weighing {0} kg"
        "|Work out my BMI: {0} kilos, {1} centimetres|At {1} cm and {0} kilos, what is my BMI?"
        "|My height is {1}, my weight is {0}, compute the body mass index"
        "|Tell me the BMI with weight {0} and height {1}",
        "{t}|{t}.4",
    ),
    Family(
        "first_aid|emergency_help|aid_steps",
        "First aid steps for an injury|What to do in an accident before the doctor comes",
        (
            "injury|accident"
            "|what:~burn,nosebleed,bee sting,snake bite,broken arm,deep cut,sprained ankle,choking,electric shock,"
            "sunstroke,frostbite,fainting,dog bite,splinter,poisoning,black eye,head injury,heart attack,stroke,"
            "tick bite,"
            "jellyfish sting,drowning,seizure,blister",
        ),
        "What should I do about a {0}?|first aid {0}|Quick, help with a {0}!|How do I treat a {0}?"
        "|My friend has a {0}, what now?|First aid for {0}, please|Somebody here needs help, {0}"
        "|Tell me the steps for a {0} before the doctor comes|In case of {0}, what comes first?"
        "|How to help a person with {0}",
        "cool it|keep calm and call help|press a clean cloth on it",
    ),
    Family(
        "call_emergency|send_ambulance|ambulance",
        "Send an ambulance, the fire brigade or the police to a place|Emergency call",
        ("service|who:=ambulance,police,fire brigade", "place|location|where:" + MUSEUMS),
        "Send the {0} to {1}|Emergency at {1}, call the {0}|{0} to {1} quickly|We need the {0} at {1}"
        "|There was an accident near {1}, get the {0}|Help! {1}, {0}!|At {1} somebody needs the {0}"
        "|Call the {0}, I am at {1}|Please alert the {0} to come to {1}|The {0} must come to {1} at once",
        "on the way|{n} seconds away",
    ),
    Family(
        "find_doctor|doctors_in|search_doctor",
        "Find a doctor of a kind in a city|Search for a medical practice",
        (
            "specialty|kind|doctor:~dentist,eye doctor,skin doctor,heart doctor,children's doctor,surgeon,ear doctor,"
            "physiotherapist,midwife,psychologist,bone doctor,allergist,neurologist,dietician,vet,acupuncturist,"
            "urologist",
            "city|town:city",
        ),
        "Find a {0} in {1}|Is there a good {0} in {1}?|doctor {0} {1}|I live in {1} and look for a {0}"
        "|In {1}, which {0} takes new patients?|My knee hurts, who is a {0} in {1}?|Search {1} for a {0}"
        "|Name a {0} working in {1}|I have just moved to {1} and need a {0}",
        "Dr {w}|Dr {w} on {w} Street",
    ),
    Family(
        "vaccination_needed|vaccines|travel_vaccines",
        "Which vaccinations are needed for a country|Travel shots",
        ("country|destination:" + COUNTRIES,),
        "Which vaccinations do I need for {0}?|vaccines {0}|I fly to {0}, what shots should I get?"
        "|Must I be vaccinated before going to {0}?|Shots for a trip to {0}, please|Tell me the vaccines for {0}"
        "|What does the doctor give people who travel to {0}?|For {0}, which jabs are advised?"
        "|Are jabs needed in {0}? Which ones?",
        "tetanus|yellow fever|none",
    ),
    Family(
        "start_workout|begin_training|workout",
        "Start a workout of a kind for some minutes|Begin a training session",
        (
            "kind|workout"
            "|activity:~yoga,running,stretching,spinning,pilates,interval training,weight lifting,dancing,zumba,"
            "walking,cross training,boxing,rowing,aerobics,tai chi,core training,hiking,skating,aqua fitness,barre",
            "minutes|duration:small",
        ),
        "Start {1} minutes of {0}|{0} {1} min|I want to do {0} for {1} minutes|Begin a {0} workout, {1} minutes"
        "|For {1} minutes, let me do some {0}|Time for {0}, {1} minutes please|I have {1} minutes for {0}, begin"
        "|Start my {0} session and end it after {1} minutes|My doctor told me to do {1} minutes of {0}, start it",
        "started|go",
    ),
    Family(
        "log_exercise|count_reps|save_exercise",
        "Record how many times you did an exercise|Note repetitions in the training diary",
        ("exercise|move:" + EXERCISES, "count|repetitions|reps:small"),
        "I did {1} {0}|Log {1} {0}|done: {0} {1}|Write down {1} times {0}|Today it was {0}, {1} of them"
        "|Note {1} {0} in my training diary"
        "|I managed {1} repetitions of {0}, save that|Put {0} in the diary with {1} repetitions"
        "|Just finished {0}: {1} reps|My trainer made me do {1} {0}, record it",
        "saved|a new record",
    ),
    Family(
        "how_to_exercise|explain_exercise|exercise_guide",
        "Explain how to do an exercise correctly|Show the form of a fitness move",
        ("exercise|move:" + EXERCISES,),
        "How do I do {0} correctly?|explain {0}|Show me the right form for {0}"
        "|My back hurts after {0}, am I doing it wrong?"
        "|Teach me {0}|I have never done {0}, how does it go?|What must I watch out for with {0}?"
        "|Guide me through {0} step by step|The proper way of doing {0}, please",
        "keep your back straight|breathe out|bend your knees",
    ),
    Family(
        "step_count|steps|count_steps",
        "How many steps you walked in a period|Read the pedometer",
        ("period|when:=today,yesterday,this week,this month",),
        "How many steps did I walk {0}?|steps {0}|Read my pedometer for {0}|Did I walk enough {0}? Show the steps"
        "|My steps {0}, please|{0}, how many steps have I made?|Count the steps of {0}"
        "|Tell me how far my feet took me {0}, in steps"
        "|What does the step counter say for {0}?",
        "{n} steps|{n}00",
    ),
    Family(
        "heart_rate|pulse|measure_pulse",
        "Measure your heart rate with the watch|Read the pulse",
        (),
        "What is my heart rate?|Measure my pulse|My heart beats so fast, how many beats are it?|pulse please"
        "|Read the heart rate from my watch|How quickly is my heart beating?|Check my pulse after the run"
        "|I feel excited, show me my heart rate|Tell me the beats per minute of my heart",
        "{n} beats|{n}",
    ),
    Family(
        "running_pace|pace|compute_pace",
        "Work out the pace of a run from distance and minutes|Minutes per kilometre",
        ("kilometres|distance:number", "minutes|time:small"),
        "I ran {0} kilometres in {1} minutes, what is my pace?|pace {0} km {1} min"
        "|What pace is {0} km in {1} minutes?"
        "|It took me {1} minutes to run {0} kilometres, how fast was I?|Compute my pace: {1} minutes for {0} km"
        "|In {1} minutes I made {0} kilometres, tell me my pace|Minutes per kilometre for {0} km in {1} minutes"
        "|How quick was my run of {0} kilometres if it lasted {1} minutes?",
        "{t} minutes per km|{t}",
    ),
    Family(
        "match_score|get_score|game_result",
        "The score of the latest game of a team|Who won a match",
        ("team|club:" + TEAMS,),
        "How did {0} play?|score {0}|What is the score of the {0} game?|Did {0} win?"
        "|I missed the match of {0}, how did it end?"
        "|Tell me the latest result of {0}|{0}: won or lost?|The result for {0}, please"
        "|My uncle supports {0}, did they win?"
        "|How many goals or points did {0} make?",
        "2 to 1|won|lost 0 to 3|a draw",
    ),
    Family(
        "next_match|team_schedule|when_plays",
        "When a team plays its next game|Match schedule of a club",
        ("team|club:" + TEAMS,),
        "When does {0} play next?|next game {0}|On which day is the next match of {0}?"
        "|I want to watch {0}, when are they on?"
        "|Schedule of {0}|Who will {0} face next and when?|Tell me the date of the next {0} game"
        "|{0}, when is their next match?"
        "|I plan to see {0} live, what is the next date?",
        "at {h}|on Sunday|in {n} hours",
    ),
    Family(
        "league_table|standings|ranking",
        "The table of a league in a sport and a country|Who is on top of the league",
        ("sport|game:" + SPORTS, "country|nation:" + COUNTRIES),
        "Who leads the {0} league in {1}?|{0} table {1}|Show the standings of {0} in {1}|In {1}, who is top in {0}?"
        "|I follow {0} in {1}, show the ranking|The {1} {0} ranking please|How does the {0} table of {1} look?"
        "|Which club is first in {1} when it comes to {0}?|Give me the league table: {1}, {0}",
        "{w} United|FC {w}",
    ),
    Family(
        "sport_rules|explain_sport|game_rules",
        "Explain the rules of a sport|How a game is played",
        ("sport|game:" + SPORTS,),
        "What are the rules of {0}?|rules {0}|How is {0} played?|Explain {0} to me"
        "|I watch {0} on television and understand nothing"
        "|My daughter starts with {0}, how does it work?|How do you win at {0}?|Tell me how {0} is played"
        "|I would like to learn the rules of {0}|{0}: what is allowed and what is not?",
        "two teams, one ball|most points win|{n} minutes",
    ),
    Family(
        "book_court|reserve_court|sport_field",
        "Reserve a court or hall for a sport at a time|Book a place to play",
        ("sport|game:" + SPORTS, "date|day:date", "time|hour:time"),
        "Book a court for {0} on {1} at {2}|{0} court {1} {2}|We want to play {0} on {1} at {2}, reserve a place"
        "|On {1} at {2} I need a hall for {0}|At {2} on {1} we play {0}, book the court|Reserve {2}, {1}, for {0}"
        "|Is the place for {0} free on {1} at {2}? Take it|Please get us somewhere to play {0}: {1}, {2}"
        "|My friends and I have time for {0} at {2} on {1}, book it",
        "court {n}|booked",
    ),
    Family(
        "match_tickets|buy_match_ticket|stadium_tickets",
        "Buy tickets for a game of a team|Seats in the stadium",
        ("team|club:" + TEAMS, "count|tickets|seats:small"),
        "Buy {1} tickets for {0}|{1} tickets {0}|I want to see {0} in the stadium, {1} seats"
        "|Get {1} seats for the next {0} game"
        "|We are {1} fans of {0} and need tickets|For the match of {0}, {1} tickets please"
        "|Order {1} places in the stadium for {0}"
        "|My boys love {0}, buy {1} tickets|Are there {1} tickets left for {0}? Buy them",
        "{n} euros|row {n}",
    ),
    Family(
        "join_team|sign_up_sport|register_player",
        "Sign a person up for a sport club|Register a player",
        ("person|player|name:name", "sport|club:" + SPORTS),
        "Sign {0} up for {1}|{0} wants to play {1}|register {0} {1}|Put {0} on the {1} team"
        "|For {1} we have a new member, {0}|Make {0} a member of the {1} club|Please register {0} as a player of {1}"
        "|The {1} club gets a new player called {0}|{0} would love to do {1}, sign up please",
        "signed up|member {n}",
    ),
    Family(
        "feed_pet|pet_feeder|give_food_to_pet",
        "Let the automatic feeder give food to a pet|Feed an animal a number of grams",
        ("pet|animal:" + PETS, "grams|amount:small"),
        "Feed the {0} {1} grams|{0} food {1} g|Give the {0} {1} grams to eat|The {0} is hungry, {1} grams please"
        "|I am not at home, let the feeder give {1} grams to the {0}|{1} grams of food for the {0}"
        "|Drop {1} grams into the bowl of the {0}|My {0} should get {1} grams"
        "|It is dinner time for the {0}, {1} grams",
        "done|bowl full",
    ),
    Family(
        "locate_pet|find_pet|pet_tracker",
        "Find where a pet is with its collar tracker|Locate a lost animal by name",
        ("pet|name:" + PET_NAMES,),
        "Where is {0}?|find {0}|{0} has run away, locate the collar|Track {0}"
        "|My pet {0} did not come home, where is it?"
        "|Show me where {0} is running around|Is {0} in the garden? Ask the collar|Look for {0}, I am worried"
        "|Locate {0} by the tracker",
        "in the garden|on {w} Street|at the river",
    ),
    Family(
        "book_vet|vet_appointment|visit_vet",
        "Make an appointment at the vet for a pet|Take an animal to the animal doctor",
        (
            "pet|name:" + PET_NAMES,
            "date|day:date",
            "problem"
            "|reason:~limping,coughing,vaccination,scratching,lost tooth,eye drops,"
            "sore paw,not eating,fleas,broken claw,check-up,bad breath,ear mites,worms,swollen belly,hair loss,tick",
        ),
        "Book the vet for {0} on {1}, reason {2}|{0} vet {1} {2}|{0} must go to the vet on {1} because of {2}"
        "|On {1} take {0} to the animal doctor: {2}|The problem is {2}, so {0} needs the vet on {1}"
        "|Vet appointment on {1} for {0}, it is about {2}|For {0} I want a vet visit, {2}, on {1}"
        "|Because of {2} I want the vet to see {0} on {1}|Make {1} the vet day of {0}, reason: {2}",
        "booked|at {h}",
    ),
    Family(
        "log_walk|walk_dog|save_dog_walk",
        "Write down a walk with the dog in minutes|Keep a diary of dog walks",
        ("dog|pet|name:" + PET_NAMES, "minutes|duration:small"),
        "I walked {0} for {1} minutes|{0} walk {1} min|Note a walk of {1} minutes with {0}"
        "|{0} was outside with me for {1} minutes"
        "|Write down that {0} had {1} minutes of walking|We came back, {1} minutes with {0}, save it"
        "|For {1} minutes I was out with {0}, log the walk|The walk with {0} lasted {1} minutes"
        "|Record {1} minutes of walking for {0}",
        "saved|ok",
    ),
    Family(
        "pet_care_tips|animal_advice|care_for_animal",
        "Advice on how to keep an animal healthy|What a pet needs",
        ("animal|pet:" + PETS,),
        "How do I look after a {0}?|{0} care|What does a {0} need to be happy?"
        "|We are getting a {0}, what should we know?"
        "|Tips for keeping a {0}|Give me advice about my {0}|Is a {0} hard to keep? What does it need?"
        "|My kids wish for a {0}, tell me how to care for one|What must the owner of a {0} do?",
        "fresh water every day|space to run|hay and rest",
    ),
    Family(
        "adopt_pet|pets_for_adoption|animal_shelter",
        "Search animal shelters in a city for a kind of pet|Adopt an animal",
        ("animal|pet|kind:" + PETS, "city|town:city"),
        "I want to adopt a {0} in {1}|{0} shelter {1}|Is there a {0} looking for a home in {1}?"
        "|Search the shelters of {1} for a {0}"
        "|In {1}, which {0} can be adopted?|Our family in {1} would like to give a {0} a home"
        "|Find me a {0} from a shelter in {1}"
        "|Which shelter near {1} has a {0}?|We have room for a {0}, and we live in {1}",
        "{w}, {n} days old|{w} and {w}",
    ),
    Family(
        "water_plants|irrigate|start_sprinkler",
        "Water plants in the garden for some minutes|Start the sprinkler",
        ("plants|bed|what:" + PLANTS, "minutes|duration:small"),
        "Water the {0} for {1} minutes|{0} water {1} min|The {0} look dry, give them {1} minutes"
        "|Start the sprinkler at the {0}, {1} minutes|For {1} minutes let water run on the {0}"
        "|I am on holiday, please water the {0} for {1} minutes|{1} minutes of water for the {0}"
        "|Give the {0} a drink, {1} minutes|It has not rained, so sprinkle the {0} for {1} minutes",
        "started|done",
    ),
    Family(
        "planting_time|when_to_plant|sowing_month",
        "When to sow or plant something in the garden|The right month for planting",
        ("plant|crop:" + PLANTS,),
        "When should I plant {0}?|planting time {0}|In which month do {0} go into the ground?"
        "|I bought seeds of {0}, when do I sow?"
        "|The best time to plant {0}|Is it too early for {0} in the garden? When is right?"
        "|Tell me when to put out {0}"
        "|For {0}, which month is the right one for planting?|My garden lacks {0}, when can I plant some?",
        "in March|in May|in autumn",
    ),
    Family(
        "plant_disease|garden_problem|sick_plant",
        "What is wrong with a plant that shows a sign|Diagnose plant diseases and pests",
        (
            "plant|what:" + PLANTS,
            "sign"
            "|problem:~yellow leaves,brown spots,white powder,holes in the leaves,dry tips,sticky drops,"
            "black stems,curled leaves,no flowers,soft roots,small flies,grey mould,falling buds,snails,green lice",
        ),
        "My {0} show {1}, what is wrong?|{0} with {1} why|Why do my {0} have {1}?"
        "|There is a problem with the {0}: {1}"
        "|I see {1} on the {0}, what helps?|What causes {1} on {0}?|The {0} are sick, I found {1}"
        "|Because of {1} I am worried about my {0}|{1} again on my {0}, which disease is that?",
        "too much water|{w} rot|lice",
    ),
    Family(
        "soil_moisture|check_soil|soil_sensor",
        "Measure how wet the soil of a plant is|Read the garden soil sensor",
        ("plant|bed|sensor:" + PLANTS,),
        "How wet is the soil at the {0}?|soil {0}|Is the earth around the {0} dry?|Read the soil sensor by the {0}"
        "|Do the {0} have enough water? Measure the ground|Check the ground under the {0}"
        "|I wonder if the {0} stand too wet, look at the soil"
        "|Moisture for the {0}, please|Measure the earth of the {0}",
        "{n} percent|dry|wet",
    ),
    Family(
        "mow_lawn|start_mower|cut_grass",
        "Let the robot mower cut the grass at a height|Mow the lawn",
        (
            "area"
            "|lawn:~front lawn,back lawn,side strip,orchard,hill,playground,meadow,north lawn,pool lawn,football pitch,"
            "park,courtyard,slope,rose garden,golf green,driveway edge",
            "height|centimetres:=3,4,5,6,7,8",
        ),
        "Mow the {0} to {1} centimetres|{0} mow {1} cm|The grass on the {0} is long, cut it to {1} cm"
        "|Send the mower to the {0}, {1} centimetres|Cut the {0} at a height of {1}"
        "|I want the {0} {1} centimetres short"
        "|At {1} centimetres, please mow the {0}|Let the robot mower do the {0} and leave {1} cm"
        "|The {0} needs a cut, {1} centimetres please",
        "mowing|started",
    ),
    Family(
        "fuel_level|tank_level|how_much_fuel",
        "How much fuel or charge a car has left|Read the tank of a vehicle",
        ("car|vehicle:" + CARS,),
        "How full is the tank of the {0}?|fuel {0}|How much fuel is left in the {0}?"
        "|Do I need to fill up the {0}? Check the tank"
        "|Will the {0} get me home? Show the fuel|Read the fuel level of my {0}|The {0}: how much is in the tank?"
        "|Before the trip, check the tank of the {0}|I fear the {0} is running empty, look at it",
        "{n} litres|half full|nearly empty",
    ),
    Family(
        "charge_car|charge_vehicle|start_charging",
        "Charge an electric vehicle up to a percentage|Start charging at the wall box",
        (
            "vehicle"
            "|car:~electric car,e-bike,blue hatchback,company car,scooter,golf cart,camper van,delivery van,"
            "white saloon,"
            "motorbike,city car,family car,tractor,minibus,cargo bike,sports car",
            "percent|limit|target:level",
        ),
        "Charge the {0} to {1} percent|{0} charge {1}|Load the battery of the {0} up to {1} percent"
        "|The {0} needs power, {1} percent is enough|Start charging my {0} and stop at {1} percent"
        "|Up to {1} percent, please charge the {0}|I drive far tomorrow, fill the {0} battery to {1} percent"
        "|Plug in the {0}, limit {1} percent|{1} percent for the {0} at the wall box",
        "charging|full at {h}",
    ),
    Family(
        "book_car_service|garage_appointment|car_repair",
        "Book a repair of a car at the garage on a date|Have a vehicle serviced",
        (
            "car|vehicle:" + CARS,
            "work|repair"
            "|service:~oil change,new tyres,brake check,inspection,battery change,dent repair,"
            "paint job,new windscreen,exhaust repair,wheel alignment,clutch repair,wiper change,rust treatment,"
            "lamp change",
            "date|day:date",
        ),
        "Book the {0} in for {1} on {2}|garage {0} {1} {2}|The {0} needs a visit to the garage on {2}: {1}"
        "|On {2} the garage should do the {1} on my {0}|Get an appointment for {1}, {0}, {2}"
        "|I want {1} for the {0} on {2}|{1} is due on the {0}, take it to the garage on {2}"
        "|Have the mechanic look at the {0} on {2}, job: {1}|Please arrange {1} for my {0}, date {2}",
        "booked|at {h}",
    ),
    Family(
        "tire_pressure|tyre_pressure|check_tyres",
        "Read the tyre pressure of a vehicle|Are the tires of a car flat",
        ("car|vehicle:" + CARS,),
        "What is the tyre pressure of the {0}?|tyres {0}|Are the tyres of the {0} flat?|Check the tires on the {0}"
        "|The {0} rolls badly, is there air in the wheels?|Do I need to pump up the {0}? Look at the pressure"
        "|Read the pressure in the wheels of my {0}|Tyre pressure for the {0}, please"
        "|How much air do the tyres of the {0} have?",
        "2.{t} bar|too low|fine",
    ),
    Family(
        "find_car|where_parked|locate_car",
        "Find where your car is parked|Locate a vehicle by GPS",
        ("car|vehicle:" + CARS,),
        "Where did I park the {0}?|locate {0}|I cannot find my {0}|Where is the {0} standing?"
        "|Show the {0} on the map"
        "|My husband took the {0}, where is it?|In which street is my {0} parked?|Help, the {0} is gone, find it"
        "|Tell me the place of the {0}|I forgot where the {0} is",
        "{w} Street|level {n}|behind the church",
    ),
    Family(
        "honk_horn|flash_lights|car_signal",
        "Make a parked car honk or flash so it can be found|Car signal",
        ("signal|action:=honk,flash", "car|vehicle:" + CARS),
        "Make the {1} {0}|{1} {0}|Let the {1} {0} so I can see where it stands|I search the {1}, it should {0}"
        "|{0} with the {1}|The {1} must {0} to show itself|Tell the {1} to {0}|Please have my {1} {0} once"
        "|I am in the car park, let my {1} {0}",
        "done|ok",
    ),
    Family(
        "fuel_price|petrol_price|cheap_fuel",
        "What fuel costs at petrol stations in a city|Find cheap petrol or diesel",
        ("fuel|kind:=petrol,diesel,gas", "city|town:city"),
        "What does {0} cost in {1}?|{0} price {1}|Where in {1} is {0} cheap?"
        "|My tank is empty and I am in {1}, price of {0}?"
        "|In {1}, how much is a litre of {0}?|Is {0} expensive in {1}? Tell the price|Compare {0} prices around {1}"
        "|I drive through {1} and need {0}, what is the price?|The cheapest {0} in {1}, please",
        "1.{n} euros|{n} cents",
    ),
    Family(
        "bedtime_story|tell_story|read_story",
        "Tell a child a bedtime story about something|Make up a story for children",
        (
            "hero|about"
            "|topic:~dragon,little mouse,pirate,princess,robot,lost bear,wizard,brave hen,moon,sleepy owl,"
            "unicorn,snowman,"
            "frog king,tiny elephant,flying carpet,ghost,fairy,clever fox,mermaid,old giant,kind monster,talking tree",
            "child|name|listener:person",
        ),
        "Tell {1} a bedtime story about a {0}|story {0} for {1}|{1} cannot sleep, tell a tale with a {0}"
        "|A {0} should be in the story for {1}|Read {1} something about a {0}"
        "|My child {1} loves any {0}, make up a story"
        "|For {1}, please, a goodnight story in which a {0} lives|{1} wants to hear about a {0} before bed"
        "|Once upon a time there was a {0}: go on, {1} is listening",
        "the {w} and the star|once there was a {w}",
    ),
    Family(
        "find_babysitter|book_babysitter|babysitter",
        "Find a babysitter for an evening|Someone to watch the children",
        ("date|day:date", "from|start|time:time", "hours|duration:small"),
        "Find a babysitter on {0} from {1} for {2} hours|babysitter {0} {1} {2} hours"
        "|We go out on {0}, who watches the children from {1}, {2} hours?"
        "|From {1} on {0} I need a sitter for {2} hours"
        "|For {2} hours somebody should mind the kids, {0}, starting {1}|Book a sitter: {0}, {1}, {2} hours"
        "|On {0} at {1} the children need someone for {2} hours|Get us a babysitter who stays {2} hours, {0} at {1}"
        "|My wife and I want to dance on {0}, sitter from {1}, {2} hours",
        "{w}|{w} is coming",
    ),
    Family(
        "name_ideas|baby_names|suggest_baby_name",
        "Suggest names for a baby that begin with a letter|Baby name ideas",
        ("kind|child:=girl,boy", "letter|start:~A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,R,S,T,V,W,Y,Z"),
        "Suggest a name for a {0} starting with {1}|{0} names {1}|We expect a {0}, the name should begin with {1}"
        "|Which names with {1} suit a {0}?|Baby {0}, letter {1}, ideas?"
        "|I look for a {0} name and it must start with {1}"
        "|With {1} at the start, what could our {0} be called?|Names beginning with {1} for a little {0}"
        "|Our {0} has no name yet, show some with {1}",
        "{w}|{w} or {w}",
    ),
    Family(
        "kids_activity|play_ideas|activity_for_children",
        "Ideas what children of an age can play|Activities for kids inside or outside",
        ("age|years:=2,3,4,5,6,7,8,9,10,11,12", "place|where:=inside,outside"),
        "What can a child of {0} play {1}?|kids {0} years {1}|My son is {0} and bored, something to do {1}"
        "|Ideas for {0} year old children to play {1}|We are {1} with a girl of {0}, suggest a game"
        "|{1} fun for a child aged {0}|An activity {1}, the kids are {0}|How do I keep my {0} year old busy {1}?"
        "|Let us do something {1}, she is {0} years old",
        "hide and seek|painting|{w} ball|building a hut",
    ),
    Family(
        "give_pocket_money|pay_allowance|pocket_money",
        "Pay pocket money to a child|Give a child its allowance",
        ("child|name:person", "amount|money|sum:number"),
        "Give {0} {1} euros pocket money|pocket money {0} {1}|{0} gets {1} as allowance this week"
        "|Pay {1} of pocket money to {0}|{0} was good, so {1} euros of allowance please"
        "|It is Friday, {0} is owed {1} pocket money"
        "|Put {1} in the money box of {0}|{1} euros go to {0} as pocket money|Add {1} to the allowance of {0}",
        "paid|balance {n}",
    ),
    Family(
        "log_feeding|baby_bottle|feed_baby",
        "Record what a baby drank|Note a bottle in the baby diary",
        ("baby|name:person", "millilitres|amount:int"),
        "{0} drank {1} millilitres|{0} bottle {1} ml|Note {1} ml for baby {0}"
        "|The baby {0} finished a bottle of {1} millilitres"
        "|I fed {0}, {1} ml, write it down|Write {1} millilitres into the baby diary of {0}"
        "|{1} ml of milk went into {0}, record it|Log a feeding: {0}, {1} millilitres"
        "|After {1} ml our {0} fell asleep, save the bottle",
        "saved|ok",
    ),
    Family(
        "assign_chore|give_chore|share_housework",
        "Give a household chore to a family member|Assign housework",
        (
            "person|who:person",
            "chore|job"
            "|task:~washing up,taking out the rubbish,sweeping the stairs,setting the table,"
            "folding laundry,cleaning windows,watering flowers,feeding the fish,dusting shelves,making the beds,"
            "raking leaves,"
            "mopping the floor,ironing,shopping,tidying the toys,cleaning the bath,polishing shoes,"
            "emptying the dishwasher",
        ),
        "Give {0} the chore of {1}|chore {1} for {0}|This week {0} does the {1}|{1} is a job for {0}"
        "|Assign {1} to {0}"
        "|Who does {1}? Put down {0}|I want {0} to be in charge of {1}|It is the turn of {0} for {1}"
        "|Housework: {1} goes to {0}|Please write that {0} is responsible for {1}",
        "assigned|ok",
    ),
    Family(
        "remove_stain|stain_help|clean_stain",
        "How to get a stain out of a material|Cleaning tips for spots",
        (
            "stain"
            "|spot:~red wine,coffee,blood,grass,ink,ketchup,chocolate,grease,lipstick,rust,mud,candle wax,curry,"
            "chewing gum,tea,"
            "paint,egg yolk,beetroot,mustard,sweat,soy sauce,glue",
            "material|fabric"
            "|from:~cotton,silk,wool,carpet,leather,sofa,jeans,"
            "tablecloth,wood,marble,curtain,mattress,velvet,linen,car seat,white shirt,wallpaper,rug",
        ),
        "How do I get {0} out of {1}?|{0} stain {1}|I spilled {0} on the {1}, help|Remove {0} from {1}"
        "|There is {0} on my {1}, how do I clean it?|My {1} has a spot of {0}|What helps against {0} on {1}?"
        "|Ruined {1}? {0} got on it, how do I wash it off?|The {1} is stained with {0}, what should I use?",
        "cold water and salt|soap|vinegar|lemon juice",
    ),
    Family(
        "book_cleaner|cleaning_service|order_cleaning",
        "Order a cleaner to a home for some hours|Book a cleaning service",
        ("date|day:date", "hours|duration:small"),
        "Book a cleaner on {0} for {1} hours|cleaning {0} {1} hours"
        "|My flat is dirty, I need someone for {1} hours on {0}"
        "|On {0} the cleaner should come, {1} hours|Have my house cleaned for {1} hours on {0}"
        "|{1} hours of cleaning on {0}, please|Send a cleaning lady or man on {0}, {1} hours will do"
        "|We had a party and want a cleaner for {1} hours, date {0}|Order cleaning: {0}, {1} hours",
        "booked|{w} is coming",
    ),
    Family(
        "cleaning_plan|schedule_cleaning|clean_every",
        "Plan how often a room is cleaned|Set a cleaning interval in days",
        ("room|place:" + ROOMS, "days|interval|every:small"),
        "Clean the {0} every {1} days|{0} cleaning every {1} days|Put the {0} in the cleaning plan, every {1} days"
        "|Every {1} days the {0} has to be cleaned|The {0} gets dirty quickly, plan it each {1} days"
        "|In the cleaning plan the {0} should come up after {1} days"
        "|Remind us each {1} days that the {0} needs cleaning"
        "|I want to clean the {0} once in {1} days, plan that"
        "|At an interval of {1} days, schedule the {0} for cleaning",
        "planned|next on Monday",
    ),
    Family(
        "bin_day|rubbish_collection|waste_day",
        "When a kind of rubbish is collected|Which day the bin is emptied",
        (
            "waste|bin"
            "|kind:~paper,glass,plastic,garden waste,household rubbish,old clothes,metal,food scraps,batteries,"
            "old furniture,cardboard,electronic waste,christmas trees,cans,recycling,wood",
        ),
        "When is {0} collected?|bin day {0}|On which day do they pick up {0}?"
        "|I have a lot of {0}, when does the lorry come?"
        "|When do I put out the {0}?|Collection day of {0}, please|Tell me when the bin for {0} is emptied"
        "|The bin of {0} is full, when is it taken away?|What day is it for {0}?",
        "on Monday|tomorrow|on Friday at {h}",
    ),
    Family(
        "book_trip|plan_holiday|book_package",
        "Book a whole holiday with flight and hotel for several people|Package tour",
        ("from|start:city", "to|destination:city", "date|start_date:date", "people|persons:small"),
        "Book a holiday from {0} to {1} on {2} for {3} people|holiday {0} {1} {2} {3} people"
        "|We are {3} people in {0} and want a package tour to {1} on {2}"
        "|On {2} a group of {3} wants to go from {0} to {1}, book it all"
        "|For {3} persons, a trip to {1} with flight and hotel, leaving {0} on {2}"
        "|Package tour: {1}, from {0}, {2}, {3} persons|{3} of us need a rest in {1}, we start in {0} on {2}"
        "|Please plan our holiday in {1}: {3} people, from {0}, {2}"
        "|Leaving {0} on {2}, {3} people would like a holiday in {1}",
        "booked|{n} euros",
    ),
    Family(
        "send_parcel_home|ship_luggage|forward_luggage",
        "Send suitcases ahead from one city to another before a trip|Ship luggage",
        ("from|pickup:city", "to|delivery:city", "pieces|bags:small", "date|day:date"),
        "Ship {2} suitcases from {0} to {1} on {3}|luggage {0} {1} {2} bags {3}"
        "|On {3} fetch {2} bags in {0} and bring them to {1}"
        "|I do not want to carry {2} suitcases from {0} to {1}, fetch them on {3}"
        "|Send my {2} bags ahead to {1}, they are in {0}, pick-up {3}"
        "|My {2} pieces of luggage go to {1} from {0} on {3}"
        "|From {0}, please forward {2} suitcases to {1}, date {3}"
        "|{2} bags have to reach {1}, collect them in {0} on {3}",
        "on the way|{n} euros",
    ),
    Family(
        "record_run|save_run|log_run",
        "Save a run with place, distance, minutes and date|Running diary",
        ("place|city:city", "kilometres|distance:number", "minutes|time:small", "date|day:date"),
        "On {3} I ran {1} kilometres in {0} in {2} minutes|run {0} {1} km {2} min {3}"
        "|Save my run of {3}: {0}, {1} kilometres, {2} minutes"
        "|I was running in {0} on {3}, {1} km and {2} minutes, note it"
        "|Put a run in the diary, {1} kilometres in {2} minutes, {0}, {3}"
        "|In {0} it took me {2} minutes for {1} km on {3}, record the run"
        "|{2} minutes, {1} kilometres, in {0}, that was my run on {3}"
        "|Log that I jogged {1} km around {0} on {3}, {2} minutes long",
        "saved|a new record",
    ),
    Family(
        "register_pet|add_pet|new_pet",
        "Register a new pet with its name, kind, owner and age|Add an animal to the pet register",
        (
            "pet|pet_name|name:" + PET_NAMES,
            "animal|kind|species:" + PETS,
            "owner|person:name",
            "age|years:=1,2,3,4,5,6,7,8,9,10",
        ),
        "Register {0}, a {1} of {2}, aged {3}|new pet {0} {1} {2} {3}"
        "|The {1} {0} belongs to {2} and is {3} years old, register it"
        "|{2} has got a {1} named {0}, age {3}, add it|Add a {3} year old {1} called {0}, the owner is {2}"
        "|Owner {2}, animal {1}, name {0}, age {3}: put it in the register"
        "|My name is {2} and this is {0}, my {1}, {3} years of age, register it"
        "|Please register the pet of {2}: {0}, {1}, {3}"
        "|A {1} called {0} came to live with {2}, it is {3}, sign it up",
        "registered|number {n}",
    ),
    Family(
        "sell_car|car_advert|advertise_car",
        "Put an advert for a used car with color, price and city|Sell a vehicle",
        ("car|vehicle:" + CARS, "color|paint:color", "price|euros:int", "city|place:city"),
        "Sell my {0}, color {1}, for {2} euros in {3}|advert {0} {1} {2} euros {3}"
        "|In {3} I offer a {0} painted {1} for {2}"
        "|I want {2} euros for the {0}, it is {1} and stands in {3}, make an advert"
        "|Put the {0} up for sale in {3}: {1}, {2} euros"
        "|Price {2}, paint {1}, place {3}: advertise the {0}|My {0} must go, it is {1}, {2} euros, pick it up in {3}"
        "|Advertise a {0} for {2} euros, the color is {1}, the city is {3}",
        "online|advert {n}",
    ),
    Family(
        "book_tour|city_tour|guided_tour",
        "Book a guided tour in a city on a theme in a language|Sightseeing with a guide",
        (
            "city|place:city",
            "theme"
            "|topic:~street art,old churches,food markets,ghosts,architecture,jazz clubs,parks,castles,"
            "bridges,chocolate,harbour life,film locations,famous writers,Roman ruins,beer,bicycles,palaces",
            "language|tongue:language",
        ),
        "Book a tour about {1} in {0}, in {2}|tour {0} {1} {2}"
        "|In {0} we want a guide who speaks {2} and shows us {1}"
        "|I would love to see {1} in {0} with a {2} guide|A {2} tour of {0} with the theme {1}"
        "|My parents speak only {2}, book them a tour on {1} in {0}"
        "|{1} is what we like, a guided tour in {0} in {2}, please"
        "|Guided tour: {0}, theme {1}, language {2}|Show us {1} when we are in {0}, the guide should speak {2}",
        "booked|at {h}",
    ),
    Family(
        "rent_bike|hire_bicycle|bike_rental",
        "Rent a bicycle at a place for some hours|Hire bikes",
        (
            "kind|bike:~mountain bike,city bike,tandem,e-bike,cargo bike,racing bike,folding bike,tricycle,"
            "gravel bike,recumbent bike,beach cruiser",
            "place|station:" + MUSEUMS,
            "hours|duration:small",
        ),
        "Rent a {0} at {1} for {2} hours|{0} {1} {2} hours"
        "|I would like to ride a {0} for {2} hours, pick it up at {1}"
        "|At {1} I need a {0}, {2} hours|For {2} hours, hire a {0} at {1}|We want to cycle: one {0}, {1}, {2} hours"
        "|Get me a {0} from the stand at {1}, I bring it back after {2} hours|{2} hours with a {0}, starting at {1}",
        "{n} euros|lock code {n}",
    ),
    Family(
        "plan_meal|meal_plan|schedule_meal",
        "Put a dish in the meal plan for a day and a meal|Plan what to eat",
        ("dish|food:" + DISHES, "meal|when:=breakfast,lunch,dinner", "date|day:date"),
        "Plan {0} for {1} on {2}|{2} {1} {0}|On {2} we eat {0} for {1}, put it in the plan"
        "|For {1} on {2} I would like {0}"
        "|Write {0} in the meal plan, {2}, {1}|The {1} of {2} shall be {0}|My kids want {0}, make it the {1} on {2}"
        "|Let {0} be our {1} on {2}|Meal plan: {2}, {1}, {0}|Note that {1} on {2} will be {0}",
        "planned|ok",
    ),
    Family(
        "rename_device|name_device|call_device",
        "Give a smart device a new name and a room|Rename a gadget at home",
        ("device|old_name:" + DEVICES, "new_name|label|name:word", "room|place:" + ROOMS),
        "Rename the {0} in the {2} to {1}|{0} in {2} becomes {1}|The {0} that stands in the {2} should be called {1}"
        "|In the {2} there is a {0}, name it {1}|I want to say {1} to the {0} of the {2}"
        "|Give the name {1} to the {0} in the {2}"
        "|Call the {2} {0} {1} from today|From today {1} is the name of the {0} in the {2}",
        "renamed|ok",
    ),
    Family(
        "hospital_visit|visiting_request|visit_patient",
        "Announce a visit to a patient in hospital at a date and time|Sign up as a visitor",
        ("patient|who:name", "date|day:date", "time|hour:time"),
        "I want to visit {0} in hospital on {1} at {2}|hospital visit {0} {1} {2}"
        "|On {1} at {2} I come to see the patient {0}"
        "|Tell the hospital that {0} gets a visitor at {2} on {1}|Sign me up to see {0} on the ward, {1}, {2}"
        "|The patient {0} is lonely, announce my visit for {1} at {2}"
        "|May I come to the bed of {0} on {1} at {2}? Announce it"
        "|Visitor for {0}: {1}, {2}",
        "announced|room {n}",
    ),
    Family(
        "all_lights_off|goodnight|everything_off",
        "Switch every light in the house off at once|Good night scene",
        (),
        "Good night, make the whole house dark|Switch every light off|All lights off"
        "|I am going to bed, everything off"
        "|No lamp in the house should burn any more|Put out all the lamps|Turn the whole house dark"
        "|Are lights still on? Off with all of them"
        "|Every single light out, please",
        "{n} lights off|done",
    ),
    Family(
        "where_am_i|my_location|current_position",
        "Find out where the user is on the map|Current location by GPS",
        (),
        "Where am I?|Show my position|I am lost, where is this place?|my location|On which street do I stand?"
        "|Tell me where I am on the map|Find out where we are|What is the name of the place I am in?"
        "|Use GPS to see where I am",
        "{w} Street {n}|{C}",
    ),
    Family(
        "list_trips|my_bookings|show_travel_plans",
        "List all booked trips, flights and hotels|Show your travel bookings",
        (),
        "Which trips have I booked?|Show my travel bookings|my bookings|List all my journeys|Where do I travel next?"
        "|What have I reserved for my holidays?|I lost track of my journeys, list them|Open my travel plans"
        "|Read out the flights and hotels that I booked",
        "{C} and {C}|one flight to {C}|{n} trips",
    ),
    Family(
        "is_anyone_home|who_is_home|presence",
        "Tell who is at home|See whether somebody is in the house",
        (),
        "Is anyone at home?|Who is in the house?|Has somebody come home?|presence check"
        "|I am at work, who is at the house?"
        "|Tell me who is home|Is our house empty?|Check whether a person is in the flat"
        "|Find out if the kids are already home",
        "nobody|{w}|two people",
    ),
    Family(
        "stop_watering|sprinkler_off|end_irrigation",
        "Stop the garden sprinkler at once|End the watering",
        (),
        "Stop the sprinkler|It is raining, no more watering|Sprinkler off|End the watering of the garden"
        "|Turn the garden water off"
        "|The lawn is under water, stop it|Enough water for the plants|Shut the sprinkler down"
        "|Please close the garden tap",
        "stopped|off",
    ),
    Family(
        "open_garage|garage_door|lift_garage_door",
        "Open the garage door so a car can drive in|Lift the garage door",
        (),
        "Open the garage|Lift the garage door|I am in the driveway, open the garage|garage open"
        "|Let me drive into the garage"
        "|The garage door should go up|Raise the door of the garage please"
        "|My car wants to get in, open up the garage"
        "|Would you open the garage door?",
        "open|opening",
    ),
]
