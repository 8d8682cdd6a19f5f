"""What tools there are to train on: families written by hand, and the parts that others are put together from.

Data only; `tools.py` draws from it. A parameter reads `name|other name:kind`, with the kinds of `tools.KINDS`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """A hand-written tool: names, descriptions, parameters `a|b:kind`, requests over {0} {1} …, results.

    Without an answer of its own, the result is said as it is.
    """

    names: str
    descriptions: str
    parameters: tuple[str, ...]
    requests: str
    result: str = "ok"
    answer: str = ""


W = "{t} degrees and {c}|{c}, {t} degrees|{c}|{t} degrees|{t} °C|{c} and {t}|{w} {w}"
T = "{t}|{t} degrees|{t} °C|{t} celsius"
FAMILIES = [
    Family("get_weather|get_current_weather|weather|fetch_weather|current_weather",
           "Get the weather|Get the current weather for a city|Current weather in a city|Weather in a place",
           ("city|location|place:city",),
           "What is the weather in {0}?|what's the weather like in {0}?|weather in {0}|"
           "How is the weather in {0} today?|"
           "Is it raining in {0}?|tell me the weather in {0}|What is the current weather in {0}?|is it cold in {0}?|"
           "do I need an umbrella in {0}?|How warm is it in {0}?|get the weather for {0}|{0} weather please|"
           "What's the weather today in {0}?|I am in {0}. How is the weather?|Check the weather in {0}.",
           W, "The weather in {0} is {R}."),
    Family("get_current_weather|get_weather|weather_report", "Get the current weather for a city|Get the weather",
           ("location|city:city", "format|unit|units:unit"),
           "What is the weather in {0} in {1}?|weather in {0}, {1}|How warm is it in {0}, in {1}?|"
           "give me the weather for {0} in {1}|What is the weather today in {0}? Use {1}.|"
           "What's the temperature in {0} in {1} please?|in {1}, what is the weather like in {0}?",
           W, "The weather in {0} is {R}."),
    Family("get_temperature|temperature|read_temperature", "Get the current temperature for a city|Get the temperature",
           ("city|location:city",),
           "What is the temperature in {0}?|temperature in {0}|How hot is it in {0}?|how many degrees is it in {0}?|"
           "tell me the temperature in {0}|What's the temperature in {0} right now?",
           T, "The temperature in {0} is {R}."),
    Family("get_conditions|conditions|weather_conditions", "Get the weather conditions for a city|Conditions in a city",
           ("city|location:city",),
           "What are the conditions in {0}?|conditions in {0}|what are the weather conditions in {0}?|"
           "How are the conditions in {0}?|tell me the conditions in {0}",
           "{c}|{w}", "The conditions in {0} are {R}."),
    Family("add_two_numbers|add|add_numbers|sum|plus", "Add two numbers|Adds two numbers|Sum of two numbers",
           ("a|x|first|num1:int", "b|y|second|num2:int"),
           "What is {0} + {1}?|What is {0} plus {1}?|add {0} and {1}|{0} + {1}|How much is {0} plus {1}?|"
           "compute {0} + {1}|Please add {0} to {1}.|sum of {0} and {1}|what's {0} and {1} together?|"
           "Calculate {0} + {1}.|What is {0} added to {1}?",
           "{sum}", "{0} + {1} is {sum}."),
    Family("subtract_two_numbers|subtract|minus|subtract_numbers", "Subtract two numbers|Subtracts b from a",
           ("a|x|first:int", "b|y|second:int"),
           "What is {0} - {1}?|What is {0} minus {1}?|{0} - {1}|subtract {1} from {0}|How much is {0} minus {1}?|"
           "take {1} away from {0}|Compute {0} - {1}.|calculate {0} minus {1}",
           "{diff}", "{0} - {1} is {diff}."),
    Family("multiply|multiply_two_numbers|times|product", "Multiply two numbers|Product of two numbers",
           ("a|x|first:int", "b|y|second:int"),
           "What is {0} times {1}?|multiply {0} by {1}|{0} * {1}|What is {0} x {1}?|How much is {0} times {1}?|"
           "product of {0} and {1}|Please multiply {0} and {1}.",
           "{prod}", "{0} times {1} is {prod}."),
    Family("search|web_search|search_web|find|lookup", "Search the web|Search for something|Look something up",
           ("query|q|text|term:topic",),
           "Search for {0}.|search the web for {0}|find something about {0}|look up {0}|Please search {0}.|google {0}|"
           "What can you find about {0}?|Can you search for {0}?|do a search for {0}|find {0} on the web",
           "{n} results", "I found {n} results for {0}."),
    Family("set_timer|start_timer|timer|create_timer", "Set a timer|Start a timer for some minutes",
           ("minutes|duration|mins:small",),
           "Set a timer for {0} minutes.|timer {0} minutes|start a {0} minute timer|wake me in {0} minutes|"
           "Please set a timer: {0} minutes.|remind me in {0} minutes|I need a timer for {0} minutes|"
           "count down {0} minutes",
           "timer set", "I set a timer for {0} minutes."),
    Family("set_alarm|alarm|create_alarm", "Set an alarm", ("time|at:time",),
           "Set an alarm for {0}.|wake me at {0}|alarm at {0}|Please wake me up at {0}.|I have to get up at {0}|"
           "set the alarm to {0}", "alarm set", "I set an alarm for {0}."),
    Family("send_email|email|send_mail|mail", "Send an email|Write an email to someone",
           ("to|recipient|address:email", "subject|title:topic"),
           "Send an email to {0} about {1}.|email {0} with subject {1}|write to {0}: {1}|mail {0} about {1}|"
           "Please send {0} an email with the subject {1}.|send a mail about {1} to {0}|subject {1}, to {0}, send it",
           "sent", "I sent the email to {0}."),
    Family("send_message|message|send_sms|text_message", "Send a message to a person|Send a text message",
           ("to|person|recipient:person", "text|message|body:task"),
           'Send a message to {0}: {1}|text {0} "{1}"|tell {0} to {1}|message {0} that says {1}|'
           'Write {0} a message: "{1}"|send "{1}" to {0}|let {0} know: {1}',
           "sent", "I sent your message to {0}."),
    Family("add_todo|create_task|add_task|todo", "Add a task to the list|Create a task", ("task|title|text:task",),
           "Add {0} to my list.|I have to {0}|todo: {0}|remind me to {0}|new task: {0}|Put {0} on my to-do list.|"
           'add a task "{0}"|create the task {0}|I must not forget to {0}', "added", "I added {0} to your list."),
    Family("create_event|add_event|schedule_meeting|book_meeting", "Create a calendar event|"
          "Put an event in the calendar",
           ("title|name|what:phrase", "date|day|when:date"),
           "Create an event {0} on {1}.|schedule {0} for {1}|put {0} in my calendar for {1}|{0} on {1}, add it|"
           "Add {0} to the calendar on {1}.|on {1} I have {0}, please add it|plan {0} for {1}",
           "created", "I put {0} in your calendar for {1}."),
    Family("play_music|play_song|play|start_music", "Play a song|Play music by an artist",
           ("song|title|track:phrase", "artist|by:name"),
           "Play {0} by {1}.|play the song {0} by {1}|I want to hear {0} by {1}|{1}: {0}, play it|"
           "put on {0} by {1}|start {0} from {1}", "playing", "I am playing {0} by {1}."),
    Family("get_stock_price|stock_price|get_price|price", "Get the price of a stock|Get the price of something",
           ("symbol|ticker|item|name:word",),
           "What is the price of {0}?|stock price of {0}|How much is {0}?|price of {0} please|what does {0} cost?|"
           "Tell me the price of {0}.|get the price for {0}", "{n}", "The price of {0} is {n}."),
    Family("turn_on_light|light_on|lights_on|switch_light", "Turn on the light in a room", ("room|where|place:thing",),
           "Turn on the light in the {0}.|light on in the {0}|it is dark in the {0}|switch on the {0} light|"
           "lights on: {0}|Please make light in the {0}.", "on", "The light in the {0} is on."),
    Family("set_light|light|change_light", "Set the color and level of a light", ("color:color", "level|value:level"),
           "Set the light to {0} at {1} percent.|light {0}, level {1}|make the light {0} with level {1}|"
           "{0} light at {1} please|change the light to {0}, {1} percent", "ok", "The light is {0} at {1} percent."),
    Family("read_file|open_file|cat|load_file", "Read a file|Open a file", ("path|file|filename:file",),
           "Read {0}.|open the file {0}|show me {0}|what is in {0}?|Please read the file {0}.|print {0}|"
           "load {0}|display the content of {0}", "{n} lines", "The file {0} has {n} lines."),
    Family("write_file|save_file|save", "Write text to a file", ("path|file|filename:file", "text|content:phrase"),
           'Write {1} to {0}.|save {1} in {0}|put "{1}" into {0}|store {1} in the file {0}|'
           "create {0} with the text {1}|in {0}, write {1}", "written", "I wrote it to {0}."),
    Family("delete_file|remove_file|rm", "Delete a file", ("path|file|filename:file",),
           "Delete {0}.|remove the file {0}|get rid of {0}|rm {0}|Please delete {0}.|erase {0}", "deleted",
           "I deleted {0}."),
    Family("rename_file|move_file|mv", "Rename a file|Move a file", ("old|source|from:file", "new|target|to:file"),
           "Rename {0} to {1}.|move {0} to {1}|change the name of {0} to {1}|mv {0} {1}|call {0} {1} from now on",
           "ok", "{0} is now {1}."),
    Family("translate|translate_text|translation", "Translate text", ("text|word|phrase:phrase", "language|to|"
          "target:language"),
           "Translate {0} into {1}.|what is {0} in {1}?|how do you say {0} in {1}?|{0} in {1} please|say {0} in {1}|"
           'translate "{0}" to {1}', "{w}", "In {1} that is {w}."),
    Family("get_capital|capital|capital_of", "Get the capital of a country", ("country|name:city",),
           "What is the capital of {0}?|capital of {0}|which city is the capital of {0}?|tell me the capital of {0}",
           "{C}", "The capital of {0} is {C}."),
    Family("get_population|population", "Get the number of people in a city", ("city|place:city",),
           "How many people live in {0}?|population of {0}|what is the population of {0}?|how big is {0}?",
           "{n}", "{n} people live in {0}."),
    Family("find_restaurant|search_restaurants|restaurants", "Find a restaurant", ("food|cuisine|dish:thing", "city|"
          "location:city"),
           "Find a place for {0} in {1}.|where can I eat {0} in {1}?|I want {0} in {1}|restaurants with {0} in {1}|"
           "In {1}, where do they have {0}?|{0} in {1}, please find a restaurant", "{C}", "Try {C} in {1}."),
    Family("book_flight|find_flight|search_flights|flights", "Find a flight|Book a flight between two cities",
           ("origin|from|start:city", "destination|to|end:city"),
           "Book a flight from {0} to {1}.|flight from {0} to {1}|I want to fly from {0} to {1}|fly to {1} from {0}|"
           "find flights to {1} from {0}|I am in {0} and need a flight to {1}|get me from {0} to {1} by plane",
           "flight {n}", "I found flight {n} from {0} to {1}."),
    Family("buy|order|order_item|purchase", "Order something|Buy an item", ("item|product|name:thing", "count|"
          "quantity|amount:small"),
           "Order {1} {0}.|buy {1} {0}|I want {1} {0}|get me {1} {0}|Please order {0}, {1} pieces.|{1} x {0} please|"
           "we need {1} {0}", "ordered", "I ordered {1} {0}."),
    Family("get_user|find_user|lookup_user|user", "Find a user by name|Get a user", ("name|username|user:person",),
           "Who is {0}?|find the user {0}|look up {0}|get user {0}|show me the user {0}|Is {0} a user?",
           "user {n}", "{0} is user {n}."),
    Family("add_contact|create_contact|save_contact", "Save a contact", ("name|person:name", "email|mail:email"),
           "Save {0} with email {1}.|add {0}, {1}|new contact {0}, {1}|my friend {0} has the email {1}, save it|"
           "store {1} for {0}|{0}'s email is {1}, add the contact", "saved", "I saved {0}."),
    Family("get_time|current_time|time_in|clock", "Get the time in a city", ("city|timezone|place:city",),
           "What time is it in {0}?|time in {0}|tell me the time in {0}|how late is it in {0}?|current time in {0}",
           "{h}", "It is {h} in {0}."),
    Family("roll_dice|dice|roll", "Roll dice", ("sides|faces:small",),
           "Roll a dice with {0} sides.|roll a {0} sided dice|throw a dice with {0} faces|dice, {0} sides", "{n}",
           "You rolled {n}."),
    Family("set_volume|volume|change_volume", "Set the volume", ("level|volume|value:level",),
           "Set the volume to {0}.|volume {0}|make it {0} percent loud|turn the volume to {0}|sound at {0} please",
           "ok", "The volume is {0}."),
    Family("calculate|calculator|evaluate|compute", "Calculate an expression", ("expression|formula|input:sum",),
           "What is {0}?|calculate {0}|compute {0}|{0}|How much is {0}?|"
           "please work out {0}", "{n}", "The result is {n}."),
    Family("pay|transfer|send_money", "Send money to a person", ("to|person|recipient:person", "amount|sum|"
          "money:number"),
           "Send {1} to {0}.|pay {0} {1}|transfer {1} euros to {0}|give {0} {1} dollars|I owe {0} {1}, please pay",
           "paid", "I sent {1} to {0}."),
]  # fmt: skip


def family(
    names: str, description: str, parameters: str, requests: str, result: str = "ok", answer: str = "Done."
) -> Family:
    return Family(names, description, tuple(parameters.split()), requests, result, answer)


FAMILIES += [
    family("set_reminder|remind", "Remind me of something at a time", "text|what|task:task time|at:time",
           "Remind me to {0} at {1}.|at {1} I have to {0}, remind me|reminder: {0}, {1}|"
           "do not let me forget to {0} at {1}"),
    family("get_news|news|headlines", "Get the news about a topic", "topic|subject|about:topic",
           "What is new about {0}?|news about {0}|show me the news on {0}|What happened in {0}?|headlines: {0}",
           "{n} articles", "There are {n} articles about {0}."),
    family("find_recipe|recipe", "Find a recipe for a dish", "dish|food|name:phrase",
           "How do I cook {0}?|recipe for {0}|I want to make {0}|find me a {0} recipe|What do I need for {0}?"),
    family("book_hotel|hotel", "Book a hotel in a city", "city|place|location:city nights|days:small",
           "Book a hotel in {0} for {1} nights.|I need a room in {0} for {1} nights|{1} nights in {0} please|"
           "stay in {0}, {1} nights|For {1} nights, find me a hotel in {0}."),
    family("book_taxi|call_taxi|taxi", "Call a taxi", "pickup|from|start:city target|to|destination:city",
           "Get me a taxi from {0} to {1}.|taxi to {1} from {0}|I am at {0} and want to go to {1}|"
           "drive me from {0} to {1}",
           "taxi {n}", "Taxi {n} is on its way to {0}."),
    family("calculate_tip|tip", "Calculate the tip of a bill", "bill|amount|total:int percent|rate:small",
           "What is a {1} percent tip on {0}?|tip of {1} percent for {0} dollars|the bill is {0}, tip {1} percent",
           "{n}", "The tip is {n}."),
    family("track_package|track|package_status", "Track a package by its number", "number|id|code:int",
           "Where is my package {0}?|track {0}|what about package number {0}?|"
           "has {0} been sent?", "{w}", "It is in {R}."),
    family("cancel_order|cancel", "Cancel an order", "order|id|number:int",
           "Cancel order {0}.|I do not want order {0} any more|please cancel number {0}|stop order {0}"),
    family("create_user|new_user|register", "Create a user", "name|username:person age|years:small",
           "Create the user {0}, age {1}.|{0} is {1} years old, add the user|new user {0}, {1} years|"
           "register {0}, aged {1}"),
    family("rate_movie|rate|review", "Rate a movie", "title|movie|film:phrase stars|points|score:small",
           "Give {0} {1} stars.|rate {0} with {1}|{1} points for the movie {0}|I liked {0}: {1} stars|"
           "{0} gets {1} stars"),
    family("resize_image|resize", "Resize an image", "file|image|path:file width|w:int height|h:int",
           "Resize {0} to {1} by {2}.|make {0} {1} wide and {2} high|{0}: width {1}, height {2}|"
           "scale {0} to {1} x {2}"),
    family("get_directions|directions|route", "Get directions between two places",
           "origin|from|start:city destination|to|end:city",
           "How do I get from {0} to {1}?|directions from {0} to {1}|route to {1} from {0}|"
           "the way from {0} to {1} please"),
    family("lock_door|lock", "Lock a door", "door|room|which:thing",
           "Lock the {0} door.|lock {0}|close and lock the {0}|please lock the door of the {0}"),
    family("set_temperature|heating|thermostat", "Set the temperature of a room", "room|where:thing degrees|"
           "value:small",
           "Set the {0} to {1} degrees.|make the {0} {1} degrees warm|{1} degrees in the {0}|heat the {0} to {1}"),
    family("list_files|ls|show_files", "List the files in a folder", "folder|path|directory:word",
           "What is in the folder {0}?|list the files in {0}|show me {0}|ls {0}|which files are in {0}?", "{n} files",
           "There are {n} files in {0}."),
    family("create_folder|mkdir|new_folder", "Create a folder", "name|folder|path:word",
           "Create a folder {0}.|make a new folder called {0}|mkdir {0}|I need a folder named {0}"),
    family("copy_file|cp|duplicate", "Copy a file", "source|from|old:file target|to|new:file",
           "Copy {0} to {1}.|make a copy of {0} called {1}|duplicate {0} as {1}|cp {0} {1}"),
    family("random_number|random|draw_number", "Get a random number between two numbers", "min|low|a:small max|high|"
           "b:int",
           "Give me a random number between {0} and {1}.|random number from {0} to {1}|draw a number, {0} to {1}",
           "{n}", "Your number is {n}."),
    family("square_root|sqrt|root", "Get the square root of a number", "number|x|value:int",
           "What is the square root of {0}?|sqrt {0}|root of {0}|"
           "square root of {0} please", "{n}", "The square root of {0} is {n}."),
    family("power|pow", "Raise a number to a power", "base|x:small exponent|y|n:small",
           "What is {0} to the power of {1}?|{0} to the {1}|raise {0} to {1}|{0} ^ {1}", "{n}", "That is {n}."),
    family("is_prime|prime|check_prime", "Check whether a number is prime", "number|n|x:int",
           "Is {0} a prime number?|is {0} prime?|check if {0} is prime|prime: {0}?", "yes|no|true|"
           "false", "The tool says {R}."),
    family("count_words|word_count", "Count the words of a text", "text|sentence|input:phrase",
           'How many words are in "{0}"?|count the words of {0}|number of words in "{0}"', "{n}",
           "There are {n} words."),
    family("reverse_text|reverse|upper_case|to_upper|hash_text", "Change a text", "text|string|input|word:phrase",
           'Reverse "{0}".|apply it to {0}|do it for "{0}"|change {0}|please change the text {0}', "{w}",
           "The result is {w}."),
    family("invite|invite_person", "Invite a person to an event", "person|who|guest:person event|to|what:phrase",
           "Invite {0} to {1}.|{0} should come to {1}|ask {0} to join {1}|send {0} an invitation to {1}"),
    family("block_user|block|follow_user|follow|mute", "Do something with a user", "name|user|username:person",
           "Block {0}.|follow {0}|please mute {0}|do it for {0}|I do not want to hear of {0}"),
    family("post_message|post|publish", "Post a message in a channel", "channel|room|where:word text|message|"
           "body:phrase",
           'Post "{1}" in {0}.|write {1} in the channel {0}|tell {0}: {1}|in {0}, say {1}|publish "{1}" to {0}'),
    family("get_birthday|birthday|get_age|age_of", "Get the birthday or the age of a person", "person|name|who:person",
           "When is the birthday of {0}?|how old is {0}?|{0}'s birthday?|when was {0} born?|age of {0}", "{n}",
           "The answer is {n}."),
    family("set_birthday|add_birthday", "Save the birthday of a person", "person|name:person date|day:date",
           "{0} was born on {1}.|the birthday of {0} is {1}|save {1} as the birthday of {0}|{0} has birthday on {1}"),
    family("get_holidays|holidays", "Get the holidays of a country in a year", "country|place:city year:year",
           "Which holidays are there in {0} in {1}?|holidays in {0} {1}|{1} holidays of {0}|"
           "show the holidays for {0}, {1}"),
    family("get_sunrise|sunrise|get_air_quality|air_quality|get_traffic|traffic", "Get data about a city", "city|"
           "location|place:city",
           "When does the sun rise in {0}?|how is the air in {0}?|how is the traffic in {0}?|tell me about {0} today|"
           "check {0}",
           "{n}|{w}|{h}", "For {0} it says {R}."),
    family("log_workout|add_workout|log_exercise", "Log a workout", "kind|type|sport:word minutes|duration:small",
           "I did {1} minutes of {0}.|log {0}, {1} minutes|{1} minutes {0} today|add a workout: {0} for {1} minutes"),
    family("order_pizza|pizza|order_food", "Order food with a size", "food|topping|name:thing size:size",
           "Order a {1} pizza with {0}.|a {1} {0} please|{0} in {1}|I want {0}, size {1}|one {1} pizza, {0} on top"),
    family("make_coffee|coffee|brew", "Make coffee", "cups|count|amount:small",
           "Make {0} cups of coffee.|coffee, {0} cups|{0} coffees please|brew {0} cups|"
           "we are {0} people and want coffee"),
    family("get_current_time|current_time|now|get_date|today", "Get the current time and date", "",
           "What time is it?|what is the time?|which day is it?|what date is it today?|tell me the time|time please|"
           "time now?",
           "{h}", "It is {h}."),
    family("list_users|get_users|list_tasks|get_tasks|list_events|get_events", "List everything", "",
           "Show me all of them.|list everything|what is on the list?|show the list please|"
           "give me the whole list", "{n}", "There are {n}."),
    family("take_photo|photo|screenshot|start_camera", "Take a photo", "", "Take a photo.|photo please|"
           "take a picture now|smile!"),
    family("lookup_word|synonym|find_rhyme|rhyme", "Find something about a word", "word|term|text:word",
           "What rhymes with {0}?|another word for {0}|find it for {0}|look up the word {0}|"
           "rhyme {0}", "{w}", "I found {w}."),
    family("get_exchange|stock_value|get_rate", "Get the rate of a currency", "currency|code|name:currency",
           "What is the rate of {0}?|rate for {0}|how does {0} stand?|show {0}", "{n}", "The rate of {0} is {n}."),
    family("open_app|start_app|launch", "Open an app", "app|name|program:word",
           "Open {0}.|start {0}|launch the app {0}|I want to use {0}|bring up {0}", "open", "I opened {0}."),
    family("lend|borrow|give", "Note that something was lent to a person", "thing|item|what:thing person|to|who:person",
           "I lent the {0} to {1}.|{1} has my {0}|{1} borrowed the {0}|give the {0} to {1}|note that {1} took the {0}"),
    family("plant|buy_seeds|harvest", "Note what was planted and how many", "count|amount|number:small plant|what|"
           "kind:word",
           "I planted {0} {1}.|{0} {1} in the garden|note: {0} {1}|plant {0} of {1}"),
    family("ask_expert|ask|question", "Ask a person a question", "person|expert|who:person topic|about|subject:topic",
           "Ask {0} about {1}.|what does {0} say about {1}?|I want to know what {0} thinks of {1}|"
           "{0} knows about {1}, ask"),
]  # fmt: skip

FAMILIES_HELD = [
    Family("convert_currency|exchange", "Convert an amount of money", ("amount:int", "currency|target:currency"),
           "Convert {0} dollars to {1}.|How much is {0} dollars in {1}?|change {0} into {1}",
           "{n}", "That is {n} {1}."),
    Family("reserve_table|table_booking", "Reserve a table in a restaurant", ("restaurant:name", "people|guests:small"),
           "Reserve a table for {1} people at {0}.|table for {1} at {0}|We are {1} people and want to eat at {0}.",
           "reserved", "I reserved a table at {0}."),
    Family("get_forecast|forecast", "Get the weather forecast for a city and day", ("city:city", "day:date"),
           "What will the weather be in {0} on {1}?|forecast for {0}, {1}|How will the weather be in {0} {1}?",
           "{t} degrees and {c}|{c}", "The weather in {0} is {R}."),
    Family("call_person|phone_call", "Call a person by phone", ("name:person",),
           "Call {0}.|phone {0} please|I want to talk to {0} on the phone.", "calling", "I am calling {0}."),
    Family("get_definition|dictionary", "Get the meaning of a word", ("word:word",),
           "What does {0} mean?|define {0}|Give me the meaning of {0}.", "{w}", "{0} means {w}."),
    Family("set_brightness|dim_screen", "Set the brightness of the screen", ("percent:level",),
           "Set the brightness to {0}.|screen at {0} percent|"
           "dim the screen to {0} percent", "ok", "It is {0} percent."),
    Family("divide|divide_two_numbers", "Divide two numbers", ("a:int", "b:int"),
           "What is {0} divided by {1}?|divide {0} by {1}|{0} / {1}", "{n}", "{0} divided by {1} is {n}."),
    Family("get_distance|distance_between", "Get the distance between two cities", ("start:city", "end:city"),
           "How far is it from {0} to {1}?|distance from {0} to {1}|How many miles are between {0} and {1}?",
           "{n}", "It is {n} miles from {0} to {1}."),
    Family("add_note|save_note", "Save a note", ("text:task",),
           "Note: {0}|save a note: {0}|Write down: {0}", "saved", "I saved the note."),
]  # fmt: skip

VERBS = (
    "get set add find create send open close start stop show list check update delete move read write make book".split()
)
NOUNS = """room order user account ticket report project team server game map route price score image video album
playlist recipe invoice package parcel record document folder page post comment channel group device sensor camera
window door engine robot job queue table column row color label tag note list plan goal habit workout lesson course
""".split()
GENERIC = {
    "city": "city", "location": "city", "name": "word", "title": "phrase", "text": "phrase", "person": "person",
    "owner": "person", "author": "name", "date": "date", "day": "date", "time": "time", "count": "int", "id": "int",
    "amount": "number", "price": "number", "size": "int", "limit": "small", "minutes": "small", "level": "level",
    "color": "color", "email": "email", "file": "file", "topic": "topic", "query": "topic", "language": "language",
    "urgent": "bool", "public": "bool", "enabled": "bool", "kind": "word", "number": "int", "key": "word",
    "width": "int", "height": "int", "age": "small", "item": "thing", "code": "word", "value": "number",
}  # fmt: skip
