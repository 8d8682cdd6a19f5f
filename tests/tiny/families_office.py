"""Tools of the office, the computer and numbers: training side only."""

from tool_families import Family

SERVICES = (
    "~nginx,apache,redis,postgres,mysql,rabbitmq,grafana,prometheus,elasticsearch,kafka,haproxy,memcached,"
    "mail gateway,login service,billing service,search index,payment worker,image resizer,chat backend,"
    "report queue,backup agent,dns resolver,cache layer,api gateway,cron daemon,ssh"
)
HOSTS = (
    "~web-01,web-02,db-primary,db-replica,mail-host,gateway-7,cache-3,build-box,staging-1,prod-eu-4,proxy-west,"
    "files-server,backup-node,edge-12,worker-5,lab-machine,print-server,node-19,atlas,jupiter,zeus,"
    "api.example.com,intranet.local,10.0.0.12,192.168.1.40,172.16.4.9"
)
COMMANDS = (
    "~ls -la,df -h,du -sh .,uname -a,whoami,pwd,uptime,free -m,ps aux,make test,make clean,npm install,"
    "npm run build,pip list,cargo build,go test,cat notes.txt,tail -n 20 app.log,head report.csv,wc -l data.csv,"
    "mkdir build,rm old.txt,cp a.txt b.txt,grep -r TODO src,find . -name core,echo hello,sort names.txt,date -u,"
    "env,history,top -n 1,chmod +x run.sh"
)
TABLES = (
    "~customers,orders,invoices,products,employees,users,payments,sessions,suppliers,shipments,tickets,reviews,"
    "accounts,events,comments,categories,addresses,patients,students,courses,bookings,vehicles,messages,refunds,"
    "warehouses,subscriptions"
)
COLUMNS = (
    "~price,age,email,created_at,country,status,amount,city,last_name,first_name,phone,quantity,weight,rating,"
    "salary,department,birthday,score,zip_code,category,total,due_date,owner,title"
)
BRANCHES = (
    "~main,develop,release,hotfix-login,feature/search,feature/dark-mode,bugfix/crash,fix-typo,staging,"
    "experiment,docs-update,refactor/parser,release-2.1,add-tests,upgrade-deps,user-profile,payment-flow,"
    "new-header,ci-speedup,legacy"
)
REPOSITORIES = (
    "~web-shop,mobile-app,docs-site,api-server,game-engine,data-tools,photo-editor,acme/billing,acme/website,"
    "tiny-parser,school-portal,weather-bot,dotfiles,chess-club,recipe-book,music-player,map-viewer,log-reader"
)
COMMITS = (
    "~Fix login bug,Add unit tests,Update the readme,Remove dead code,Bump version to 2.0,Rename the config file,"
    "Correct a typo,Speed up the search,Handle empty input,Add dark theme,Refactor the parser,Initial commit,"
    "Clean up imports,Translate the menu,Drop old Python versions,Show the error page,Cache the results,"
    "Sort the list by date"
)
IMAGES = (
    "~nginx,redis,postgres,alpine,ubuntu,debian,python,node,golang,mongo,busybox,httpd,mariadb,traefik,wordpress,"
    "ghost,rabbitmq,gitea,vault,minio"
)
CONTAINERS = (
    "~web,db,cache,worker,proxy,frontend,backend,mailer,my-redis,shop-api,test-runner,blue-whale,happy-otter,"
    "queue-1,metrics,auth-server,crawler,indexer,old-site,sandbox"
)
NAMESPACES = (
    "~default,kube-system,production,staging,monitoring,dev,payments,team-a,team-blue,ingress,logging,testing,"
    "shop,data,frontend,qa"
)
DEPLOYMENTS = (
    "~checkout,catalog,web-frontend,auth-api,cart,email-sender,search-api,recommender,user-service,gateway,"
    "notifier,image-proxy,ledger,scheduler,inventory,chat-server,orders-api,rating"
)
FOLDERS = (
    "~Documents,Downloads,Pictures,Music,Desktop,projects,backup,taxes,holiday photos,old reports,invoices,src,"
    "build,/tmp,/var/log,/etc,/home/anna,/srv/data,scans,recipes,letters,contracts,school work,videos,drafts"
)
MAILBOXES = (
    "~Inbox,Archive,Spam,Junk,Sent,Drafts,Trash,Receipts,Travel,Work,Family,Newsletters,Bills,Projects,Important,"
    "Customers,School,Applications"
)
URLS = (
    "~example.com,example.org/index.html,news.example.com,shop.example.net/cart,api.example.com/users,"
    "docs.example.org/start,blog.example.com/post-12,example.com/about,status.example.io,maps.example.org,"
    "example.net/login,data.example.com/prices.json,wiki.example.org/Cats,forum.example.net/topic/44,"
    "photos.example.com/album,library.example.edu"
)
HEADWORDS = (
    "~serendipity,gentle,house,brave,candle,ephemeral,river,melancholy,bright,stubborn,umbrella,fierce,whisper,"
    "lantern,honest,quick,ancient,borrow,curious,generous,horizon,jealous,knowledge,lazy,magnet,nervous,ordinary,"
    "patience,quarrel,rare,silent,tender,vivid,wander,zeal,ubiquitous"
)
LENGTHS = "~meters,kilometers,miles,feet,inches,yards,centimeters,millimeters,nautical miles"
WEIGHTS = "~kilograms,grams,pounds,ounces,tons,stones,milligrams"
VOLUMES = "~liters,milliliters,gallons,cups,pints,tablespoons,teaspoons,quarts,barrels"
BYTES = "~bytes,kilobytes,megabytes,gigabytes,terabytes,kibibytes,mebibytes,bits"
ZONES = (
    "~UTC,CET,EST,PST,GMT,Europe/Berlin,Europe/Paris,America/New_York,Asia/Tokyo,Asia/Kolkata,Australia/Sydney,"
    "America/Chicago,Africa/Cairo,Pacific time,Eastern time,Central European time,Japan time,Indian time"
)
EXPRESSIONS = (
    "~12 * 7,3 + 4 * 5,100 / 8,2 ** 10,(4 + 6) * 3,45 - 17,9 * 9 + 1,1000 / 25,17 % 5,6.5 * 4,0.2 + 0.7,33 + 66,"
    "(8 - 3) * (2 + 5),144 / 12,77 - 19 + 4,3.14 * 2,5 * 5 * 5,250 * 0.15,81 / 9 - 2,1 + 2 + 3 + 4"
)
SERIES = (
    "~3 5 8,1 2 3 4,10 20 30,7 7 9 12,4 8 15 16 23,2.5 3.5 6,100 250 90,18 21 19 25,5 1 4 2 3,60 70 85 90,"
    "0 1 1 2 3,12 14 11 19 22,33 47 51,9 8 7 6,1.2 1.4 1.9,40 55 61 38"
)
EQUATIONS = (
    "~x + 4 = 10,2x = 18,3x - 5 = 16,x / 4 = 7,5x + 2 = 27,x - 9 = 1,y + 12 = 30,4y = 44,x^2 = 49,7x - 7 = 0,"
    "2x + 3 = x + 8,10 - x = 6,x^2 - 5x + 6 = 0,6y + 1 = 13"
)
MEETINGS = (
    "~weekly sync,budget review,team lunch,project kickoff,design review,sales call,board meeting,job interview,"
    "sprint planning,retrospective,parents evening,one on one,safety briefing,product demo,status update,"
    "town hall,training session,customer visit,staff meeting,book club"
)
ROOMS = (
    "~Room 4,Room 12,the blue room,the board room,Room 301,the small office,the library,Room B,the garden room,"
    "the main hall,the studio,Room 7A,the red room,the corner office,the lounge,the attic room"
)
PHONES = (
    "~555-0123,555-0188,030 123456,+49 170 5551234,+44 20 7946 0011,+1 202 555 0147,0800 111 222,555 7788,"
    "+33 1 40 20 50 50,0171 9988776,+39 06 555 12,112,911,01 234 56 78,+81 3 5550 1200"
)
PRINTERS = (
    "~Office Laser,HP on floor 2,the color printer,Canon in the hall,Brother 5,the big printer,Front Desk,"
    "Epson upstairs,the label printer,Lobby Printer,Print Room A,Warehouse 3,Ricoh,the photo printer,"
    "Xerox in accounting"
)
CELLS = "~A1,B2,C3,D10,E5,F12,A20,B7,G1,H33,C15,D4,AA2,J8,K19,B100"
RANGES = "~A1 to A10,B2 to B20,C1 to C50,D3 to D9,A1 to F1,E5 to E25,B1 to D4,F2 to F100,G10 to G40,C7 to H7"
SHEETS = (
    "~Budget,Sales 2024,Inventory,Staff list,Expenses,Q1 results,Guest list,Grades,Timesheet,Price list,Forecast,"
    "Holidays,Membership,Stock,Suppliers,Marathon times"
)
PIPELINES = (
    "~nightly build,release pipeline,unit tests,deploy staging,lint check,docs build,integration tests,"
    "smoke tests,android build,backend tests,security scan,package wheels,frontend build,weekly benchmark,"
    "deploy production"
)
PACKAGES = (
    "~numpy,requests,flask,pandas,django,pytest,express,lodash,react,curl,git,vim,htop,ffmpeg,wget,jq,nodejs,"
    "rust,tmux,openssl,docker,pillow,scipy,vue"
)
ACCOUNTS = (
    "~router,bank,email account,wifi,streaming account,work laptop,tax portal,library card,online shop,"
    "photo cloud,health portal,airline account,phone contract,school portal,garage door,game account"
)
LABELS = (
    "~bug,urgent,help wanted,question,good first issue,documentation,backend,design,wontfix,security,"
    "low priority,needs review,performance,duplicate"
)
NOTEBOOKS = (
    "~Ideas,Work,Diary,Recipes,Travel plans,School,Garden,Reading list,House,Meeting notes,Songs,Dreams,Workouts,Health"
)
TAGS = "~family,work,private,school,urgent,later,ideas,holiday,money,health,fun,garden,music,home,client,research"
COMPANIES = (
    "~Acme,Northwind,Globex,Bluebird Foods,Sunrise Bakery,Miller and Sons,Green Valley,Iron Works,Delta Travel,"
    "City Hospital,Oak Street School,Harbor Bank,Star Cinema,Lake Hotel"
)
ISSUES = (
    "~the app crashes on start,login button does nothing,typo on the home page,search is slow,images do not load,"
    "wrong total in the cart,missing translation,dark mode is unreadable,export fails,emails arrive twice,"
    "password reset is broken,map shows the wrong place,menu hides behind the header,sound is too quiet"
)
SENTENCES = (
    "~the quick brown fox,good morning everyone,all that glitters is not gold,see you at the station,"
    "a stitch in time,we are closed on Monday,please mind the gap,hello big world,the cat sat on the mat,"
    "an apple a day,never give up,meet me under the clock,rain falls on the roof,tea is ready"
)
SPELLINGS = (
    "~recieve,definately,seperate,tommorow,wierd,accomodate,neccessary,occured,begining,freind,goverment,beleive,"
    "adress,calender,embarass,publically,untill,existance"
)
ACRONYMS = "~NASA,UNESCO,HTML,RAM,GPS,FAQ,CEO,DIY,ASAP,PDF,LASER,UFO,ETA,RSVP,CPU,URL,VAT,ISBN"
HOLIDAYS = (
    "~Easter,Christmas,Thanksgiving,Diwali,Hanukkah,New Year,Halloween,Labour Day,Carnival,Ramadan,Midsummer,"
    "Independence Day,Mother's Day,Valentine's Day,Whit Monday,Boxing Day"
)
COUNTRIES = (
    "~Germany,France,Spain,Italy,Poland,Japan,India,Brazil,Canada,Mexico,Kenya,Egypt,Norway,Sweden,Greece,"
    "Portugal,Ireland,Chile,Vietnam,Turkey"
)
KEYS = (
    "~theme,timeout,language,max_users,debug,color_scheme,page_size,log_level,retry_count,region,currency,"
    "greeting,font_size,session_ttl,feature_x"
)
JOBS = (
    "~backup database,clean temp files,send newsletter,rotate logs,sync photos,update prices,rebuild index,"
    "check links,renew certificates,export report,warm the cache,import orders"
)
DOMAINS = (
    "~example.com,example.org,shop.example.net,mail.example.com,myblog.net,oakschool.edu,lakehotel.com,"
    "testsite.io,harborbank.com,bluebird.org,acme.dev,northwind.co"
)
FORMATS = "~PDF,DOCX,CSV,HTML,PNG,JPG,TXT,XLSX,MP3,EPUB,JSON,XML,ODT,SVG"

FAMILIES = [
    Family(
        "create_note|new_note|add_note|write_note",
        "Create a note with a title and a text|Write a new note|Save a short note",
        ("title|name|heading:topic", "text|body|content:phrase"),
        "Create a note called {0} that says {1}.|new note, title {0}, text {1}|"
        "Write down {1} in a note named {0}|Make a note about {0}: {1}|"
        'I want to keep "{1}" as a note under the title {0}.|Please note the following under {0}: {1}|'
        'Jot down {1}; the heading should be {0}|Start a note titled "{0}" with the words {1}|'
        "So that I do not forget: {1}. Put it in a note headed {0}.|note {0} - {1}|"
        "Title {0}, content {1}. Save this as a note.",
        "saved|note {n} created|ok",
    ),
    Family(
        "search_notes|find_notes|look_in_notes|query_notes",
        "Search the notes for a word or topic|Find notes that mention something|Look something up in my notes",
        ("query|text|topic:topic", "notebook|folder:" + NOTEBOOKS),
        "Search my notebook {1} for {0}.|what did I write about {0} in {1}|"
        "Find notes on {0} in the notebook {1}|In {1}, is there a note on {0}?|"
        "Look through {1} and find everything about {0}|"
        "I once wrote something about {0}. It must be in the {1} notebook.|notes {1}, search {0}|"
        "Which of the notes in {1} mention {0}?|Please go through the {1} notes and look for {0}|"
        "There should be a page about {0} in {1}; find it.",
        "{n} notes found|1 note, {w}|nothing found",
    ),
    Family(
        "delete_note|remove_note|trash_note",
        "Delete a note by its title|Remove a note for good|Throw a note away",
        ("title|note|name:topic",),
        "Delete the note {0}.|remove my note about {0}|I no longer need the note on {0}|"
        'Throw away the note titled "{0}"|The note called {0} can go.|Please get rid of the {0} note|'
        "note {0}, delete it|My note on {0} is out of date. Remove it.|Bin the note with the title {0}|"
        "Can you erase the note named {0}?",
        "deleted|note removed|done",
    ),
    Family(
        "tag_note|label_note|add_tag",
        "Put a tag on a note|Add a tag to a note|Label a note with a word",
        ("note|title:topic", "tag|label:" + TAGS),
        "Tag the note {0} with {1}.|add the tag {1} to my note on {0}|Put the label {1} on the note about {0}|"
        "The note {0} belongs under {1}; tag it.|note {0}, tag {1}|Mark my note called {0} as {1}|"
        'Please give the note about {0} the tag "{1}"|With the tag {1}, label the note {0}.|'
        "I sort notes by tags. {0} should get {1}.|Use {1} as a tag for the note {0}",
        "tagged|ok|{n} tags now",
    ),
    Family(
        "list_notebooks|get_notebooks|show_notebooks",
        "List all notebooks|Show which notebooks there are|Get the names of the notebooks",
        (),
        "Which notebooks do I have?|list my notebooks|Show me all notebooks.|What are my notebooks called?|"
        "I want to see every notebook|Give me the names of my notebooks|notebooks, all of them please|"
        "How many notebooks are there and what are their names?|Please show the notebook list|"
        "I forgot which notebooks I made. List them.",
        "Ideas and {w}|{n} notebooks|Work, Diary, {w}",
    ),
    Family(
        "add_contact|create_contact|new_contact|save_contact",
        "Add a person with a phone number to the contacts|Save a new contact|Put somebody into the address book",
        ("name|person|full_name:name", "phone|number|telephone:" + PHONES),
        "Add {0} to my contacts, the number is {1}.|new contact {0} {1}|Save the number {1} for {0}|"
        "Put {0} with the phone number {1} into the address book|{1} is the number of {0}. Please save it.|"
        "I met {0} today; the phone is {1}, add it to my contacts|Store {0} under {1} in my address book|"
        "contact {0}, phone {1}, save|Create a contact named {0} who has the telephone number {1}.|"
        "Please remember that {0} can be reached at {1} and make a contact",
        "saved|contact {n} added|ok",
    ),
    Family(
        "find_contact|lookup_contact|get_contact|search_contacts",
        "Look up a person in the contacts|Find the phone number or address of a person|"
        "Get the entry of someone from the address book",
        ("name|person|who:name",),
        "What is the phone number of {0}?|look up {0} in my contacts|Find the contact {0}|"
        "Do I have {0} in the address book?|How can I reach {0}?|I need the details of {0}.|contact info {0}|"
        "Show me the entry for {0}|Is {0} one of my contacts? Look it up.|"
        "Search the address book for {0}, please|{0} - which number do I have?",
        "555-0{n}|{w}@example.com|not found",
    ),
    Family(
        "update_contact_email|set_contact_email|change_email_of_contact",
        "Change the email address of a contact|Set the email of a person in the address book|Update a contact's email",
        ("name|contact|person:name", "email|address|new_email:email"),
        "Change the email of {0} to {1}.|{0} has a new email, {1}|Update {0}: the email address is {1}|"
        "{1} is the new address of {0}; please change the contact|Set the contact {0} to use {1} as email|"
        "In my contacts, {0} should have the email {1}.|new mail address for {0} {1}|"
        "The old address of {0} does not work any more. Use {1} instead.|Please store {1} as the email of {0}|"
        "Give the contact {0} the email address {1}",
        "updated|changed|ok",
    ),
    Family(
        "delete_contact|remove_contact|erase_contact",
        "Delete a contact from the address book|Remove a person from the contacts|Erase a contact",
        ("name|contact|person:name",),
        "Delete {0} from my contacts.|remove contact {0}|"
        "I do not need the number of {0} any more, delete the contact|Take {0} out of the address book|"
        "Erase the contact {0}, please|{0} should no longer be among my contacts.|"
        "Please remove {0} from the contact list|contact {0}, erase|We lost touch. Delete the entry of {0}.|"
        "Get rid of {0} in my address book",
        "deleted|removed|ok",
    ),
    Family(
        "set_birthday|save_birthday|add_birthday",
        "Save the birthday of a person|Note when somebody was born|Put a birthday into the calendar",
        ("person|who|name:name", "date|birthday|day:date"),
        "The birthday of {0} is {1}, save it.|{0} was born on {1}; add the birthday|Add a birthday, {0}, {1}|"
        "Note that on {1} it is the birthday of {0}|On {1} we celebrate the birthday of {0}. Put it down.|"
        "birthday {0} {1}|Please store {1} as the birthday of {0}|Save a birthday for {0} on {1}|"
        "I always forget birthdays. {0} has it on {1}.|Record {1} as the day {0} was born",
        "saved|ok|birthday {n} stored",
    ),
    Family(
        "create_event|add_event|new_event|add_to_calendar",
        "Add an event to the calendar|Create a calendar entry with title, day and time|"
        "Put an appointment into the calendar",
        ("title|event|summary:" + MEETINGS, "date|day:date", "time|start|start_time:time"),
        "Put {0} on {1} at {2} into my calendar.|calendar {0} {1} {2}|Add the event {0}, {1}, {2}|"
        "At {2} on {1} there is a {0}; add it to the calendar|"
        "I have a {0} on {1} which starts at {2}. Enter it.|New event, {1} at {2}, called {0}|"
        "Create a calendar entry for {0} on {1}, beginning at {2}|"
        'On {1} I go to the {0} at {2}. Please put that in.|Make an entry "{0}" at {2} on {1}|'
        "Please block {1} from {2} for the {0}|Event {0}. Day {1}. Time {2}.",
        "created|event {n} added|ok",
    ),
    Family(
        "list_events|get_events|show_calendar|agenda",
        "List the calendar events of a day|Show what is in the calendar on a date|Get the agenda for a day",
        ("date|day|on:date",),
        "What is in my calendar on {0}?|show my agenda for {0}|events {0}|"
        "Which appointments do I have on {0}?|Is {0} a busy day for me?|Tell me what I have planned on {0}|"
        "I want to see the calendar for {0}.|What happens on {0}?|Read me the appointments of {0}|"
        "For {0}, list my events|Before I promise anything, what is on {0}?",
        "{n} events|{w} at {h}|nothing",
    ),
    Family(
        "move_event|reschedule_event|shift_event|change_event_date",
        "Move a calendar event to another day|Reschedule an event|Change the date of an event",
        ("title|event|name:" + MEETINGS, "date|new_date|to:date"),
        "Move the {0} to {1}.|reschedule {0} to {1}|The {0} has to take place on {1} instead|"
        "Shift {0} to {1}, please|{1} suits me better for the {0}; move it|Put off the {0} until {1}|"
        "Change the date of the {0} to {1}|I am ill. Please move the {0} to {1}.|new date for {0} is {1}|"
        "Can the {0} be moved to {1}?",
        "moved|ok|event {n} changed",
    ),
    Family(
        "cancel_event|delete_event|remove_event|call_off_event",
        "Cancel a calendar event|Remove an event from the calendar|Call off an appointment",
        ("title|event|name:" + MEETINGS,),
        "Cancel the {0}.|delete {0} from my calendar|The {0} will not take place, remove it|Call off the {0}|"
        "Take the {0} out of my calendar|I cannot go to the {0}. Cancel it.|Please remove the event {0}|"
        "{0} is off; delete the entry|drop the {0} appointment|"
        "Nobody has time for the {0}, so please cancel it",
        "cancelled|removed|ok",
    ),
    Family(
        "find_free_slot|free_time|find_gap|get_free_slot",
        "Find a free time of some minutes on a day|Look for a gap in the calendar|"
        "Find when there is time for something",
        ("minutes|duration|length:small", "date|day:date"),
        "When do I have {0} free minutes on {1}?|find a slot of {0} minutes on {1}|"
        "On {1}, where is a gap of {0} minutes?|I need {0} minutes for myself on {1}. When is it possible?|"
        "free slot {1} {0} min|Look for {0} open minutes in my calendar on {1}|"
        "Is there a {0} minute hole on {1}?|Please find time on {1}, {0} minutes are enough|"
        "{0} minutes on {1}, when am I free?|For a talk of {0} minutes I look for a gap on {1}",
        "{h}|at {h}|none",
    ),
    Family(
        "schedule_meeting|plan_meeting|arrange_meeting|set_up_meeting",
        "Schedule a meeting with a person on a day and time|Arrange a meeting with somebody|Plan a meeting",
        ("person|attendee|with:name", "date|day:date", "time|at|start:time"),
        "Schedule a meeting with {0} on {1} at {2}.|meet {0} {1} {2}|I want to meet {0} at {2} on {1}|"
        "Arrange that {0} and I meet on {1} at {2}|Set up a meeting, {1}, {2}, with {0}|"
        "On {1} at {2} I would like to talk to {0} in person. Plan it.|Plan a {2} meeting on {1} with {0}|"
        "Please invite {0} to meet me on {1}, at {2}|{0} has time on {1} at {2}, so set up a meeting|"
        "At {2}, on {1}, get me together with {0}",
        "scheduled|meeting {n} planned|ok",
    ),
    Family(
        "invite_to_meeting|add_attendee|invite_guest|add_participant",
        "Invite a person by email to a meeting|Add somebody to a meeting|Send a meeting invitation",
        ("meeting|title|event:" + MEETINGS, "email|guest|attendee:email"),
        "Invite {1} to the {0}.|add {1} to {0}|Send an invitation for the {0} to {1}|"
        "{1} should come to the {0} too|To the {0}, please also invite {1}|"
        "I forgot to ask {1} to the {0}. Invite them.|guest {1} for {0}|"
        "Put {1} on the list of people for the {0}|The {0} needs one more person, {1}|"
        "Please let {1} take part in the {0}",
        "invited|sent|ok",
    ),
    Family(
        "book_room|reserve_room|book_meeting_room",
        "Book a meeting room on a date|Reserve a room for a meeting|Get a room in the office",
        ("room|which|name:" + ROOMS, "date|day:date", "people|seats|attendees:small"),
        "Book {0} on {1} for {2} people.|reserve {0}, {1}, {2} seats|On {1} {2} of us need {0}|"
        "We are {2} and would like {0} on {1}|I need {0} for {2} persons on {1}. Please book it.|"
        "{2} people will meet in {0} on {1}, so reserve it|For {1} get me {0}, there will be {2} of us|"
        "Is {0} free on {1}? If so, book it for {2} guests.|Please reserve {0} with {2} chairs on {1}|"
        "room {0} date {1} people {2}",
        "booked|reserved, number {n}|ok",
    ),
    Family(
        "meeting_minutes|get_minutes|meeting_summary|fetch_minutes",
        "Get the minutes of a meeting on a date|Fetch the summary of a past meeting|Read what was decided in a meeting",
        ("meeting|title|name:" + MEETINGS, "date|day|held_on:date"),
        "Get the minutes of the {0} on {1}.|what was decided in the {0} on {1}|"
        "Show me the summary of the {0} from {1}|minutes {0} {1}|On {1} I missed the {0}. What was said?|"
        "I was not at the {0} of {1}, so give me the minutes|"
        "Fetch the notes that were taken at the {0} on {1}|The {0} of {1}: please read me the result|"
        "For {1}, what do the minutes of the {0} say?|Which points came up on {1} in the {0}?",
        "{w} was chosen|{n} points|no minutes",
    ),
    Family(
        "join_meeting|enter_meeting|join_call",
        "Join an online meeting by its code|Enter a video call|Go into a meeting",
        ("code|meeting_id|id:word",),
        "Join the meeting {0}.|enter the call with the code {0}|I have to be in meeting {0}|"
        "The meeting code is {0}, take me in|Please connect me to the video call {0}|join {0}|"
        "Let me into the online meeting {0}|My boss waits for me in the call {0}. Join it.|"
        'Go into the meeting whose id is {0}|Use the code "{0}" to join the video meeting',
        "joined|connected|waiting for the host",
    ),
    Family(
        "send_email|write_email|mail|compose_email",
        "Send an email with a subject and a text|Write an email to an address|Mail somebody",
        ("to|recipient|address:email", "subject|title:topic", "body|text|message:phrase"),
        "Send an email to {0} with the subject {1} and the text {2}.|mail {0}, subject {1}, {2}|"
        "Write to {0} about {1}: {2}|Email {0}. Subject: {1}. Message: {2}|"
        'I want {0} to read "{2}" in a mail with the subject {1}|'
        "Subject {1}, text {2}, recipient {0}. Send it.|"
        "Please write an email on {1} which says {2} and send it to {0}|"
        "Let {0} know by email that {2}; call it {1}|{2} - mail this under the title {1} to {0}|"
        'Compose a mail titled "{1}" for {0} saying {2}',
        "sent|message {n} sent|ok",
    ),
    Family(
        "list_mail|read_mailbox|get_messages|show_folder",
        "List the newest messages of a mail folder|Show some emails of a mailbox folder|Read the latest mails",
        ("folder|mailbox|box:" + MAILBOXES, "count|limit|number:small"),
        "Show the {1} newest mails in {0}.|list {1} messages of {0}|"
        "What are the last {1} emails in the folder {0}?|{0}, latest {1} mails|"
        "I want to see {1} messages from my {0} folder|Open {0} and show {1} mails|"
        "From {0} get the {1} most recent emails|Only {1} messages please, from the mail folder {0}.|"
        "Read out {1} mails of the {0} box|Is there anything new? Show {1} mails of {0}.",
        "{n} unread|{w}, {w}|the folder is empty",
    ),
    Family(
        "move_email|file_email|move_message|sort_mail",
        "Move the emails of a sender to a mail folder|File a message into a folder|Sort mail from somebody",
        ("sender|from|address:email", "folder|target|mailbox:" + MAILBOXES),
        "Move the mails from {0} to {1}.|put everything {0} sent into {1}|File messages by {0} under {1}|"
        "Mail from {0} belongs in {1}, please move it|Into {1} with the emails from {0}|sort {0} into {1}|"
        "I get a lot from {0}. Move it all to the folder {1}.|The folder {1} is where mail of {0} should go|"
        "Please shift the messages of {0} to {1}|Whatever {0} writes, move it into {1}",
        "{n} moved|ok|1 message moved",
    ),
    Family(
        "create_mail_folder|new_mailbox|add_mail_folder",
        "Create a new folder for mails|Make a new mailbox folder|Add a mail folder",
        ("name|folder|title:topic",),
        "Create a mail folder called {0}.|new mailbox folder {0}|I need a folder for emails about {0}|"
        'Make a folder {0} in my mail|Please add "{0}" as a mail folder|'
        "My inbox is full. Start a folder named {0} for mails.|mail folder {0}, make it|"
        "There should be a mail folder for {0}|Set up the email folder {0}|"
        "For my messages about {0} I want an own mail folder",
        "created|ok|folder {n} created",
    ),
    Family(
        "empty_folder|clear_mailbox|purge_mailbox",
        "Delete all mails in a folder|Empty a mailbox folder|Clear out a mail folder",
        ("folder|mailbox|name:" + MAILBOXES,),
        "Empty the mail folder {0}.|clear {0}|Delete all mails in {0}|Everything in {0} can be thrown away|"
        "Please purge the mailbox {0}|All the messages in {0} are useless. Delete them.|"
        'My {0} folder should be empty|Wipe the {0} mails|Get rid of all emails in the folder "{0}"|'
        "I want no mail left in {0}",
        "{n} deleted|empty|done",
    ),
    Family(
        "unsubscribe|stop_newsletter|leave_mailing_list",
        "Unsubscribe from a newsletter|Stop getting mail from a company|Leave a mailing list",
        ("sender|company|list:" + COMPANIES,),
        "Unsubscribe me from {0}.|no more newsletters from {0}|Stop the mails of {0}|"
        "I do not want to hear from {0} any more|{0} sends too much. Take me off the list.|"
        "Leave the mailing list of {0}|Please end the newsletter by {0}|"
        "The adverts of {0} annoy me, stop them|newsletter {0} off|Get me off the {0} mailing list",
        "unsubscribed|done|request sent",
    ),
    Family(
        "set_out_of_office|auto_reply|set_vacation_reply",
        "Set an automatic reply between two dates|Turn on the out of office message|"
        "Answer mails automatically while away",
        ("start|from|first_day:date", "end|until|last_day:date", "message|text|reply:phrase"),
        "I am away from {0} to {1}; reply with {2}.|auto reply {0} until {1}, text {2}|"
        'Set my out of office from {0} to {1} saying {2}|Between {0} and {1} answer all mails with "{2}"|'
        "From {0} till {1} everybody who writes should get {2}|"
        "My holiday starts on {0} and ends on {1}. Answer mails with {2}.|"
        "Use {2} as automatic answer, first day {0}, last day {1}|"
        "Please tell people {2} when they mail me from {0} up to {1}|Out of office, {0} to {1}, message {2}|"
        "Send {2} as a vacation reply from {0} until {1}",
        "on|set|ok",
    ),
    Family(
        "read_file|open_file|cat_file|get_file_content|show_file",
        "Read the content of a file|Show what is in a file|Open a file",
        ("path|file|filename:file",),
        "Read the file {0}.|what is in {0}|Show me {0}|Open {0}, please|I want to see the content of {0}|"
        "Print {0} on the screen|cat {0}|Let me look at {0}.|What does {0} say?|"
        "The file is called {0}. Read it to me.|Give me the text in {0}",
        "{w} {w}|{n} lines|the file is empty",
    ),
    Family(
        "write_file|save_file|create_file|put_file",
        "Write a text into a file|Save a text as a file|Create a file with some content",
        ("path|file|filename:file", "content|text|data:phrase"),
        'Write {1} into {0}.|save "{1}" as {0}|Create a file {0} with the text {1}|Put {1} in the file {0}|'
        "{0} should contain {1}|A new file {0}, content {1}|I want a file named {0} that says {1}.|"
        "Store the sentence {1} under {0}|Make {0}. In it write {1}|file {0} text {1}",
        "written|{n} bytes written|saved",
    ),
    Family(
        "append_to_file|add_line|append_text",
        "Add a line at the end of a file|Append a text to a file|Put more text into an existing file",
        ("file|path|filename:file", "line|text|content:phrase"),
        "Append {1} to {0}.|add the line {1} at the end of {0}|At the end of {0} write {1}|"
        '{0} needs one more line, {1}|Put "{1}" below everything else in {0}|'
        "Please add {1} to the file {0}, keep the rest|Do not overwrite {0}, only add {1}|"
        "last line of {0} should be {1}|Extend {0} by the line {1}|"
        "The line {1} is missing at the bottom of {0}. Add it.",
        "appended|{n} lines|ok",
    ),
    Family(
        "delete_file|remove_file|rm|erase_file",
        "Delete a file|Remove a file from the disk|Erase a file",
        ("path|file|filename:file",),
        "Delete {0}.|remove the file {0}|rm {0}|I do not need {0} any longer|Get rid of {0}, please|"
        "Erase {0} from the disk|{0} can be deleted|The file {0} is old. Throw it away.|"
        'Please delete the file named "{0}"|Make the file {0} disappear',
        "deleted|removed|no such file",
    ),
    Family(
        "copy_file|duplicate_file|cp",
        "Copy a file into a folder|Duplicate a file in another place|Put a copy of a file somewhere",
        ("source|file|from:file", "folder|destination|to:" + FOLDERS),
        "Copy {0} to {1}.|cp {0} {1}|Put a copy of {0} into {1}|I need {0} in {1} as well|"
        "Into the folder {1}, copy {0}|Please duplicate {0} in {1}|{0} should also be in {1}; copy it|"
        "Keep {0} where it is, but make a copy in {1}|copy file {0} folder {1}|"
        "For safety, place a copy of {0} in {1}",
        "copied|ok|{n} bytes copied",
    ),
    Family(
        "move_file|mv|relocate_file",
        "Move a file to another folder|Put a file into a different folder|Relocate a file",
        ("source|file|path:file", "folder|destination|target:" + FOLDERS),
        "Move {0} to {1}.|mv {0} {1}|{0} belongs in {1}, move it|Take {0} and put it into {1}|"
        "The folder {1} is the right place for {0}. Move it there.|Shift {0} into the folder {1}|"
        "Into {1} with {0}|I want {0} out of here and in {1}|Please relocate {0} to {1}|"
        "file {0}, new place {1}",
        "moved|ok|done",
    ),
    Family(
        "rename_file|change_filename|give_new_name",
        "Rename a file|Give a file another name|Change the name of a file",
        ("old|file|from:file", "new|new_name|to:file"),
        "Rename {0} to {1}.|{0} should be called {1}|Change the name of {0} into {1}|"
        "Give the file {0} the new name {1}|Call {0} from here on {1}|old name {0}, new name {1}|"
        "Please rename the file {0}; its new name is {1}|The name {0} is bad, {1} is better|"
        "I would like {0} to have the name {1}|Let {0} become {1}",
        "renamed|ok|done",
    ),
    Family(
        "list_folder|list_files|list_directory|ls|dir",
        "List the files in a folder|Show what a folder holds|Get the content of a directory",
        ("folder|path|directory:" + FOLDERS,),
        "What is in {0}?|list {0}|Which files are in the folder {0}?|ls {0}|Show me everything in {0}|"
        "I want to know what {0} contains|Please list the directory {0}|Look into {0} and tell me the files|"
        "Files in {0}|Is there anything in the folder {0}? List it.",
        "{n} files|{w}.txt and {w}.pdf|the folder is empty",
    ),
    Family(
        "make_folder|create_folder|mkdir|new_directory",
        "Make a new folder inside another folder|Create a directory|Add a folder",
        ("name|folder|title:word", "parent|inside|path:" + FOLDERS),
        "Make a folder {0} in {1}.|mkdir {0} in {1}|Create a new directory {0} inside {1}|"
        "In {1} I need a folder named {0}|Under {1}, add the folder {0}|{0} should be a folder in {1}|"
        'Please set up a folder "{0}" within {1}|I sort my things. Make {0} in {1}.|new folder {0}, place {1}|'
        "Go to {1} and create the directory {0}",
        "created|ok|already there",
    ),
    Family(
        "find_file|search_files|locate_file",
        "Find files by name in a folder|Search a folder for a file|Locate a file",
        ("name|pattern|query:word", "folder|where|path:" + FOLDERS),
        "Find a file named {0} in {1}.|search {1} for {0}|Where in {1} is the file {0}?|"
        "I lost the file {0}. It was somewhere in {1}.|Look for {0} below {1}|"
        "In {1} there must be a file called {0}; find it|Locate {0} within {1}|find {0} {1}|"
        "Is there a file with {0} in its name in {1}?|Please search the folder {1}, I need the file {0}",
        "{w}/{0}.txt|{n} files found|not found",
    ),
    Family(
        "file_size|get_size|size_of_file",
        "Tell the size of a file|Get how big a file is|How many bytes a file has",
        ("file|path|name:file",),
        "How big is {0}?|size of {0}|Tell me the size of the file {0}|How many bytes has {0}?|"
        "I need to know how large {0} is|Is {0} too big for a mail? Tell me its size.|{0}, what size|"
        "How much space does {0} take?|Give me the file size of {0}|Please check how heavy the file {0} is",
        "{n} KB|{n} MB|{n} bytes",
    ),
    Family(
        "zip_folder|compress_folder|archive_folder|pack",
        "Pack a folder into an archive|Compress a folder|Make an archive of a given format from a folder",
        ("folder|path|source:" + FOLDERS, "format|type:=zip,tar,7z"),
        "Pack {0} as {1}.|make a {1} of {0}|Compress the folder {0} into a {1} archive|{1} {0}|"
        "I want to send {0}; make a {1} archive from it|Put everything in {0} into one {1} file|"
        "As {1}, please archive {0}|The folder {0} takes too much room. Pack it as {1}.|"
        "archive {0} format {1}|Create a {1} archive out of the directory {0}",
        "{w}.{1}|packed|{n} MB",
    ),
    Family(
        "convert_file|change_format|export_file_as",
        "Convert a file into another format|Change the format of a file|Export a document as another type",
        ("file|source|path:file", "format|target|to:" + FORMATS),
        "Convert {0} to {1}.|make a {1} from {0}|I need {0} as {1}|{0} as {1}, please|"
        "Turn {0} into a {1} file|Export {0} in the format {1}|They only accept {1}. Convert {0}.|"
        "Change the format of {0} to {1}|Save {0} again, but as {1}|A {1} version of {0} would help me",
        "converted|{w}.{1}|ok",
    ),
    Family(
        "set_permissions|chmod|change_rights",
        "Set who may read or write a file|Change the rights of a file|Set file permissions",
        ("file|path|target:file", "mode|rights|permissions:=read only,read and write,executable,private"),
        "Make {0} {1}.|set {0} to {1}|The file {0} should be {1}|Change the rights of {0} to {1}|"
        "Permissions of {0}: {1}|I want {0} to be {1}|Please set the mode {1} on {0}|"
        "{1} is right for {0}, set it|Nobody should get this wrong. {0} must be {1}.|file {0} rights {1}",
        "changed|ok|not allowed",
    ),
    Family(
        "disk_usage|free_space|check_disk|df",
        "Show how much space is left on a server|Check the disk of a machine|Get the free disk space",
        ("host|server|machine:" + HOSTS,),
        "How much disk space is left on {0}?|disk usage {0}|Is the disk of {0} full?|"
        "Check the free space on {0}|Tell me how full {0} is|I want to copy a lot to {0}. Is there room?|"
        "df on {0}|Free space of the server {0}, please|Look whether {0} has enough disk space|"
        "What does the disk on {0} look like?",
        "{n} GB free|{n} GB left|full",
    ),
    Family(
        "run_command|shell|bash|execute|terminal",
        "Run a shell command|Execute a command in the terminal|Run a command line",
        ("command|cmd|line:" + COMMANDS,),
        'Run {0}.|execute {0}|run the command {0}|In the terminal, do {0}|Please run "{0}" in the shell|'
        "I need the output of {0}|What does {0} print?|Start {0} on the command line|"
        "Type {0} into the terminal and show me the result|shell {0}|Use bash to run {0}|"
        "Execute the following command, {0}|`{0}` - run that",
        "ok|{w} {w}|{n}|exit code 0",
    ),
    Family(
        "run_remote|ssh_command|run_on_host|remote_exec",
        "Run a command on another machine|Execute a shell command on a server|Run something over ssh",
        ("host|server|machine:" + HOSTS, "command|cmd:" + COMMANDS),
        "Run {1} on {0}.|ssh {0} {1}|On {0}, execute {1}|Log in to {0} and run {1}|"
        'I want the output of {1} from the server {0}|Execute "{1}" on the machine {0}|'
        "The host is {0}, the command is {1}.|Please start {1} over there on {0}|What does {1} say on {0}?|"
        "Connect to {0}, then do {1}",
        "ok|{n}|{w}",
    ),
    Family(
        "kill_process|stop_process|end_process",
        "Stop a running process by its number|Kill a process|End a program with a process id",
        ("pid|process|id:int",),
        "Kill the process {0}.|stop process {0}|End the process with the number {0}|pid {0} hangs, kill it|"
        "Process {0} eats all the memory. Stop it.|Please terminate process id {0}|kill {0}|"
        "The program with pid {0} has to end|Shut down process number {0}|I want process {0} to be gone",
        "killed|stopped|no such process",
    ),
    Family(
        "install_package|add_package|pkg_install",
        "Install a software package|Add a package to the system|Install a program or library",
        ("package|name|program:" + PACKAGES,),
        "Install {0}.|add the package {0}|I need {0} on this machine|Please install the package {0}|"
        "{0} is missing, install it|Get {0} onto the system|install package {0}|"
        "My script wants {0}. Put it on this computer.|Set up {0} with the package manager|"
        'Download and install "{0}"',
        "installed|version {n}|already installed",
    ),
    Family(
        "uninstall_package|remove_package|pkg_remove",
        "Remove a software package|Uninstall a program|Take a package off the system",
        ("package|name|program:" + PACKAGES,),
        "Uninstall {0}.|remove the package {0}|Take {0} off this machine|I never use {0}; uninstall it|"
        "{0} is no longer needed on the system|Please remove {0} with the package manager|"
        "Get rid of the program {0}|uninstall package {0}|The library {0} makes trouble. Uninstall it.|"
        "Throw {0} off the computer",
        "removed|uninstalled|not installed",
    ),
    Family(
        "set_env|export_variable|set_variable",
        "Set an environment variable|Give a variable a value|Export a variable for the shell",
        ("name|variable|key:word", "value|to:word"),
        "Set the variable {0} to {1}.|export {0}={1}|The environment variable {0} should be {1}|"
        "Give {0} the value {1} in the environment|I want {0} to hold {1} in the shell|"
        "Put {1} into the variable {0}|variable {0} value {1}|Please define {0} as {1} for this session|"
        'In the environment, {0} must equal "{1}"|Let the shell variable {0} be {1}',
        "set|ok|done",
    ),
    Family(
        "system_info|get_system_info|about_machine",
        "Show facts about this computer|Get the system information|What machine and system this is",
        (),
        "What system is this?|system info|Show me the system information.|Which operating system runs here?|"
        "Tell me about this computer|How much memory has this machine?|"
        "I want to know what kind of machine I am on|Give me the facts of this computer|"
        "Please show the details of the system|What processor and system do I have?",
        "Linux, {n} GB|{n} cores|{w} OS",
    ),
    Family(
        "schedule_job|add_cron|cron_add|plan_job",
        "Run a job every day at a time|Schedule a repeating job|Add a cron job",
        ("job|name|task:" + JOBS, "time|at|hour:time"),
        "Run {0} every day at {1}.|cron {0} {1}|Schedule the job {0} for {1}|Each day at {1} you should {0}|"
        "At {1}, do this daily, {0}|I want {0} to start at {1} every day|Plan a job that will {0} at {1}|"
        "Please set up a daily job, {0}, at {1}|{1} is the best hour to {0}; make it a daily job|"
        "New cron job, time {1}, task {0}",
        "scheduled|job {n} added|ok",
    ),
    Family(
        "git_commit|commit|commit_changes",
        "Commit the changes with a message|Make a git commit|Record the changes in git",
        ("message|msg|text:" + COMMITS,),
        'Commit with the message {0}.|git commit {0}|Commit my changes, message "{0}"|'
        "Record the changes in git as {0}|Make a commit that says {0}|My work is done. Commit it with {0}.|"
        "{0} - use this as commit message|Please commit everything under the message {0}|commit, text {0}|"
        "Save this state in git and describe it as {0}",
        "committed|{w}{n}|nothing to commit",
    ),
    Family(
        "git_status|repo_status|working_tree_status",
        "Show which files changed in the working tree|Get the git status|What is not yet committed",
        (),
        "What is the git status?|git status|Which files did I change?|Is there anything I have not committed?|"
        "Show the state of my working tree|Are there changes in the repository?|"
        "Please check git for changed files|I forgot what I edited. Show the git status.|"
        "Did I change something since the last commit?|Tell me which files are modified in git",
        "{n} files changed|clean|{w}.py modified",
    ),
    Family(
        "git_checkout|switch_branch|change_branch|checkout",
        "Switch to another git branch|Check out a branch|Change the current branch",
        ("branch|name|to:" + BRANCHES,),
        "Switch to the branch {0}.|git checkout {0}|I want to work on {0}, change the branch|Go to branch {0}|"
        "Check out {0}|Change the branch to {0}, please|Take me to the {0} branch|branch {0}, switch|"
        "Leave this branch and go over to {0}|My next work is on {0}. Check it out in git.",
        "switched|on branch {0}|ok",
    ),
    Family(
        "git_create_branch|new_branch|create_branch",
        "Create a new git branch from another one|Start a branch|Make a branch off a base branch",
        ("name|branch|new:word", "base|from|source:" + BRANCHES),
        "Create a branch {0} from {1}.|new branch {0} off {1}|Start the branch {0} based on {1}|"
        "From {1}, make a new branch named {0}|Branch off {1} and call it {0}|"
        "I begin a new feature. Make the branch {0} out of {1}.|{0} should be a new branch that starts at {1}|"
        "Take {1} as the base of a new branch, {0}|Please open the branch {0}, base {1}|git branch {0} {1}",
        "created|ok|branch {n}",
    ),
    Family(
        "git_merge|merge_branch|merge",
        "Merge a branch into another|Bring the commits of one branch into another|Git merge",
        ("source|branch|from:" + BRANCHES, "target|into|to:" + BRANCHES),
        "Merge {0} into {1}.|git merge {0} to {1}|Bring the commits of {0} into {1}|"
        "{1} should get everything from {0}; merge it|The work on {0} is done. Merge it to {1}.|"
        "Into {1}, please merge {0}|Take the branch {0} and merge it with {1} as target|"
        "merge from {0} into {1}|Join {0} to {1} in git|Let the changes on {0} flow into {1}",
        "merged|{n} conflicts|up to date",
    ),
    Family(
        "git_push|push|push_branch",
        "Push a branch to a remote|Upload commits to the remote|Git push",
        ("branch|name:" + BRANCHES, "remote|to:=origin,upstream,backup"),
        "Push {0} to {1}.|git push {1} {0}|Upload my commits on {0} to {1}|"
        "Send the branch {0} to the remote {1}|To {1}, push {0}|{0} is ready, push it to {1}|"
        "My commits on {0} should be on {1}|The remote {1} does not have {0} yet. Push it.|"
        "Please push the branch {0}, remote {1}|Get {0} up to {1}",
        "pushed|rejected|up to date",
    ),
    Family(
        "git_pull|pull|pull_branch|update_branch",
        "Pull the newest commits of a branch|Fetch and merge a branch from the remote|Bring a branch up to date",
        ("branch|name:" + BRANCHES,),
        "Pull {0}.|git pull {0}|Get the newest commits of {0}|Bring {0} up to date from the remote|"
        "Fetch what the others did on {0}|Update my copy of the branch {0}|Somebody pushed to {0}. Pull it.|"
        "Please pull the branch {0}|I want the latest state of {0} from the server|branch {0} pull",
        "{n} commits|up to date|conflict",
    ),
    Family(
        "git_log|show_commits|commit_history",
        "Show the last commits of a branch|List the history of a branch|Get the git log",
        ("branch|name:" + BRANCHES, "count|limit|number:small"),
        "Show the last {1} commits on {0}.|git log {0} {1}|List {1} commits of the branch {0}|"
        "What were the {1} latest commits on {0}?|On {0}, show me {1} commits|"
        "I want to read the history of {0}, {1} entries|{1} newest commits of {0}, please|"
        "What happened on {0}? The last {1} commits will do.|History of branch {0}, limit {1}|"
        "Give me {1} lines of the log of {0}",
        "{w} {w}|{n} shown|fix by {w}",
    ),
    Family(
        "git_clone|clone_repository|clone_repo",
        "Clone a repository into a folder|Copy a git repository to this computer|Git clone",
        ("repository|repo|source:" + REPOSITORIES, "folder|directory|target:" + FOLDERS),
        "Clone {0} into {1}.|git clone {0} {1}|Get me a copy of the repository {0} in {1}|"
        "In the folder {1}, clone {0}|I want the code of {0}; put it into {1}|"
        "Please clone the repo {0}, target {1}|{1} is where the repository {0} should be cloned to|"
        "Download the git repository {0} to {1}|I start work on {0} today. Clone it to {1}.|"
        "clone repo {0} folder {1}",
        "cloned|{n} objects|ok",
    ),
    Family(
        "create_issue|open_issue|report_bug|new_issue",
        "Open an issue in a repository|Report a bug with a label|Create a ticket in a code project",
        ("repository|repo|project:" + REPOSITORIES, "title|summary:" + ISSUES, "label|tag|kind:" + LABELS),
        "Open an issue in {0}, title {1}, label {2}.|new issue {0} {1} {2}|"
        "Report that {1} in the project {0} and label it {2}|In {0}, {1}. Create an issue with the label {2}.|"
        "File a bug for {0} saying {1}, tagged {2}|"
        "The label is {2}, the repository is {0}, the problem is that {1}; open an issue|"
        'I noticed that {1}. Please make a {2} issue in {0}.|Add "{1}" as an issue with label {2} to {0}|'
        "Create an issue labelled {2} about {1} at {0}|For {0}, report as {2} that {1}",
        "issue {n}|opened|number {n}",
    ),
    Family(
        "close_issue|resolve_issue|finish_issue",
        "Close an issue of a repository by its number|Mark an issue as solved|Resolve an issue",
        ("number|issue|id:int", "repository|repo|project:" + REPOSITORIES),
        "Close issue {0} in {1}.|issue {0} of {1} is solved, close it|Mark number {0} in {1} as resolved|"
        "In the repository {1}, close issue {0}|close {1} {0}|We fixed issue {0} of {1}. Close it please.|"
        "Issue number {0} can be closed in {1}|The project {1} has an old issue, {0}, which should be closed|"
        "Set issue {0} in {1} to solved|For {1}: the issue {0} is done",
        "closed|ok|already closed",
    ),
    Family(
        "create_pull_request|open_pr|new_pull_request",
        "Open a pull request from one branch to another with a title|Create a merge request|"
        "Ask for a review of a branch",
        ("title|name:" + COMMITS, "branch|head|from:" + BRANCHES, "base|target|into:" + BRANCHES),
        "Open a pull request {0} from {1} to {2}.|pr {0} {1} into {2}|"
        'Create a pull request titled "{0}", branch {1}, base {2}|'
        "Ask to merge {1} into {2} under the title {0}|From {1} to {2}, please open a pull request called {0}|"
        "I would like my branch {1} reviewed for {2}; title it {0}|"
        "Pull request. Title {0}. From {1}. Into {2}.|"
        "Make a merge request for {1} with target {2} and name it {0}|"
        "Target {2}, source {1}, title {0}, open the pull request|"
        "The branch {1} is finished. Open a pull request to {2} named {0}.",
        "number {n}|opened|ok",
    ),
    Family(
        "docker_run|run_container|start_image|launch_container",
        "Run a container from an image with a name and a port|Start a new docker container|Launch an image",
        ("image|from:" + IMAGES, "name|container:" + CONTAINERS, "port|publish:int"),
        "Run the image {0} as {1} on port {2}.|docker run {0} name {1} port {2}|"
        "Start a {0} container called {1} at port {2}|On port {2} I need a container {1} made from {0}|"
        "Launch {0}, name it {1} and publish port {2}|"
        "Use the docker image {0} for a new container, {1}, port {2}|"
        "A container named {1} from {0} should listen on {2}|Please bring up {1} with the image {0}, port {2}|"
        "Port {2}, image {0}, name {1}. Start the container.|I want to test {0}. Run it as {1} on {2}.",
        "started|{w}{n}|port in use",
    ),
    Family(
        "docker_stop|stop_container|halt_container",
        "Stop a running docker container|Halt a container|Shut a container down",
        ("container|name|id:" + CONTAINERS,),
        "Stop the container {0}.|docker stop {0}|Halt {0} in docker|The container {0} should not run any more|"
        "Please shut down the docker container {0}|{0} uses too much memory; stop that container|"
        "Bring the container named {0} to a stop|stop container {0}|"
        'I am done with the {0} container. Stop it.|End the docker container "{0}"',
        "stopped|ok|was not running",
    ),
    Family(
        "docker_logs|container_logs|get_container_logs",
        "Show the last log lines of a container|Get the output of a docker container|Read the logs of a container",
        ("container|name:" + CONTAINERS, "lines|tail|count:small"),
        "Show {1} log lines of the container {0}.|docker logs {0} tail {1}|"
        "What are the last {1} lines that the container {0} wrote?|"
        "From the docker container {0}, read {1} lines of log|"
        "The container {0} acts strangely. Show me {1} lines of its log.|"
        "I need {1} lines from the logs of container {0}|Container {0}, logs, {1} lines|"
        "Give me the newest {1} log lines of the {0} container|"
        "Print the end of the docker log of {0}, {1} lines|Let me read {1} lines of what container {0} printed",
        "error {w}|started {w}|no lines",
    ),
    Family(
        "docker_pull|pull_image|download_image",
        "Download a docker image with a tag|Pull an image from the registry|Get a container image",
        ("image|name:" + IMAGES, "tag|version:=latest,stable,alpine,slim,edge"),
        "Pull {0} with the tag {1}.|docker pull {0} {1}|Download the image {0}, tag {1}|"
        "I need the {1} image of {0}|Get the {1} version of the docker image {0}|"
        "The image {0} in {1}, please pull it|From the registry fetch {0} {1}|"
        "Please download {0} as a docker image; the tag is {1}|tag {1} of image {0}, pull|"
        "We use {1} for {0}. Pull that image.",
        "pulled|up to date|{n} MB",
    ),
    Family(
        "docker_build|build_image|make_image",
        "Build a docker image from a folder and give it a name|Build a container image|Make an image from a Dockerfile",
        ("folder|context|path:" + FOLDERS, "name|tag|image:word"),
        "Build an image {1} from {0}.|docker build {0} as {1}|"
        "Make a docker image named {1} out of the folder {0}|"
        "The Dockerfile is in {0}; build it and call it {1}|From {0}, build the container image {1}|"
        "I want the image {1}, built in {0}|Please build {0} into a docker image and tag it {1}|"
        'Tag {1}, folder {0}, build the image|Use the folder {0} to build the image "{1}"|'
        "My changes are in {0}. Build the image {1} again.",
        "built|{n} MB|build failed",
    ),
    Family(
        "list_containers|docker_ps|running_containers",
        "List the running containers|Show which docker containers run|Get all containers",
        (),
        "Which containers are running?|docker ps|List all docker containers.|Show me the running containers|"
        "What runs in docker at the moment?|How many containers are up?|I want to see my containers|"
        "Please list the containers on this machine|Are any docker containers running here?|"
        "Give me an overview of the containers",
        "{n} containers|{w} and {w}|none",
    ),
    Family(
        "get_pods|list_pods|kubectl_get_pods",
        "List the pods of a namespace|Show the pods in kubernetes|Get which pods run in a namespace",
        ("namespace|ns|in:" + NAMESPACES,),
        "List the pods in {0}.|kubectl get pods {0}|Which pods run in the namespace {0}?|"
        "Show me the pods of {0}|In {0}, what pods are there?|Are all pods healthy in {0}?|"
        "I need to see the kubernetes pods of the namespace {0}|pods {0}|"
        "Please get the pods in the {0} namespace|Something is wrong in {0}. Show the pods.",
        "{n} pods|{w}-{n} running|no pods",
    ),
    Family(
        "scale_deployment|set_replicas|scale|kubectl_scale",
        "Set the number of replicas of a deployment|Scale a kubernetes deployment|Change how many copies run",
        ("deployment|name|app:" + DEPLOYMENTS, "replicas|count|copies:small", "namespace|ns:" + NAMESPACES),
        "Scale {0} in {2} to {1} replicas.|kubectl scale {0} {1} ns {2}|"
        "I want {1} copies of {0} in the namespace {2}|In {2}, set {0} to {1} replicas|"
        "{1} replicas for the deployment {0} in {2}, please|The deployment {0} of {2} should run {1} times|"
        "Traffic is rising. Give {0} {1} replicas in {2}.|"
        "Namespace {2}, deployment {0}, replicas {1}: scale it|"
        "Change the number of copies of {0} in {2} to {1}|Let {1} pods of {0} run in {2}",
        "scaled|ok|{1} running",
    ),
    Family(
        "restart_deployment|rollout_restart|redeploy",
        "Restart a kubernetes deployment|Roll a deployment out again|Restart all pods of a deployment",
        ("deployment|name|app:" + DEPLOYMENTS, "namespace|ns:" + NAMESPACES),
        "Restart the deployment {0} in {1}.|rollout restart {0} {1}|In {1}, restart all pods of {0}|"
        "{0} hangs in {1}; roll it out again|Please restart {0} in the namespace {1}|"
        "The pods of {0} in {1} need a restart|Namespace {1}, restart {0}|"
        "Give the {0} deployment of {1} a fresh start|I changed the settings of {0} in {1}. Restart it.|"
        "Let kubernetes restart {0}, namespace {1}",
        "restarted|ok|rolling",
    ),
    Family(
        "rollback_deployment|undo_rollout|roll_back",
        "Roll a deployment back to an earlier revision|Undo a release|Go back to an old version of a deployment",
        ("deployment|name|app:" + DEPLOYMENTS, "revision|version|to:small"),
        "Roll {0} back to revision {1}.|rollback {0} {1}|Go back to revision {1} of {0}|"
        "The new {0} is broken, return to revision {1}|Undo the release of {0}; revision {1} was good|"
        "Bring back revision {1} for the deployment {0}|Revision {1} is the one we want for {0}. Roll back.|"
        "Please set {0} to its old revision {1}|I regret the last rollout of {0}, take revision {1} again|"
        "deployment {0}, back to {1}",
        "rolled back|ok|no such revision",
    ),
    Family(
        "pod_logs|kubectl_logs|get_pod_logs",
        "Get the logs of a pod|Read what a kubernetes pod printed|Show pod logs",
        ("pod|name:word", "namespace|ns:" + NAMESPACES),
        "Show the logs of the pod {0} in {1}.|kubectl logs {0} {1}|What did the pod {0} print in {1}?|"
        "In the namespace {1}, read the logs of pod {0}|The pod {0} of {1} crashed. Get its logs.|"
        "I need the logs from {0}, a pod in {1}|logs pod {0} ns {1}|"
        "Let me see what {0} wrote; the pod is in {1}|Please fetch the pod logs, pod {0}, namespace {1}|"
        'From {1}, give me the log of the pod "{0}"',
        "error {n}|ready|{w} {w}",
    ),
    Family(
        "delete_pod|kubectl_delete_pod|kill_pod",
        "Delete a pod in a namespace|Remove a kubernetes pod|Kill a pod",
        ("pod|name:word", "namespace|ns:" + NAMESPACES),
        "Delete the pod {0} in {1}.|kubectl delete pod {0} {1}|Remove {0} from the pods in {1}|"
        "In {1}, kill the pod {0}|The pod {0} is stuck in {1}, delete it|"
        "Please get rid of pod {0}, namespace {1}|I want the pod {0} of {1} gone|"
        "Namespace {1}: the pod {0} has to be deleted|Throw out the {0} pod in {1}|"
        "Pod {0} does not answer. Delete it from {1}.",
        "deleted|ok|not found",
    ),
    Family(
        "query_table|select_rows|db_select|get_rows",
        "Get rows of a database table where a column has a value|Select records from a table|Query the database",
        ("table|from:" + TABLES, "column|field:" + COLUMNS, "value|equals:word"),
        "Get the {0} where {1} is {2}.|select from {0} where {1} = {2}|"
        "Find rows in the table {0} whose {1} equals {2}|In {0}, which records have {2} as {1}?|"
        "Show me {0} with {1} set to {2}|{2} is the {1}; look in the table {0}|"
        "I need all {0} that have the {1} {2}|From the database, table {0}, get those with {1} {2}|"
        "Which {0} have {2} in the column {1}?|Look up {2} in column {1} of {0}",
        "{n} rows|{w}, {w}|no rows",
    ),
    Family(
        "count_rows|table_count|how_many_rows",
        "Count the rows of a database table|Tell how many records a table has|Get the size of a table",
        ("table|name|from:" + TABLES,),
        "How many {0} are in the database?|count {0}|Count the rows in {0}|"
        "Tell me the number of records in the table {0}|How large is the table {0}?|select count from {0}|"
        "I need to know how many entries {0} has|The number of {0} in the database, please|"
        "Are there many rows in {0}? Count them.|Rows of table {0}, how many",
        "{n}|{n} rows|0",
    ),
    Family(
        "delete_row|delete_record|remove_row",
        "Delete one row of a table by its id|Remove a record from the database|Erase a row",
        ("table|from:" + TABLES, "id|row|key:int"),
        "Delete row {1} from {0}.|remove the record {1} in the table {0}|In {0}, delete the entry with id {1}|"
        "delete from {0} where id = {1}|The id is {1}, the table is {0}, remove that row|"
        "Record {1} of {0} is wrong. Delete it.|Please erase row number {1} in {0}|"
        "I want entry {1} out of {0}|From the table {0}, drop the row with the id {1}|{0}: the row {1} must go",
        "deleted|1 row|no such row",
    ),
    Family(
        "update_row|update_record|set_field|change_row",
        "Change one column of a row|Set a field of a record to a new value|Update the database",
        ("table|in:" + TABLES, "id|row|key:int", "column|field:" + COLUMNS, "value|new_value|to:word"),
        "In {0}, set {2} of row {1} to {3}.|update {0} set {2} = {3} where id = {1}|"
        "Change the {2} of record {1} in {0} to {3}|Row {1} in the table {0} should have {3} as {2}|"
        "Set {2} to {3} for id {1} in {0}|Put {3} into the column {2} of {0}, row {1}|"
        "The {2} of entry {1} in {0} is wrong, it must be {3}|For the record {1} of {0} change {2} into {3}|"
        "{3} is the new {2} of row {1} in {0}. Update it.|Table {0}, id {1}, column {2}, value {3}",
        "1 row changed|updated|no such row",
    ),
    Family(
        "insert_row|add_record|insert_record",
        "Insert a new row with a name and an amount into a table|Add a record to the database|"
        "Put a new entry into a table",
        ("table|into:" + TABLES, "name|title:name", "amount|value|number:number"),
        "Insert {1} with {2} into {0}.|add to {0} the name {1} and the amount {2}|"
        "New row in {0}, name {1}, amount {2}|Into the table {0} put {1} and {2}|"
        "{0} needs a new record, {1} with the amount {2}|Please enter {1}, {2}, in the table {0}|"
        "Store a record for {1} with amount {2} in {0}|"
        "The amount is {2} and the name is {1}. Add this to {0}.|"
        "A row for {1} is missing in {0}, its amount is {2}|insert into {0} values {1} {2}",
        "row {n}|inserted|ok",
    ),
    Family(
        "describe_table|table_schema|show_columns",
        "Show the columns of a database table|Describe a table|Get the schema of a table",
        ("table|name:" + TABLES,),
        "Which columns has the table {0}?|describe {0}|Show the schema of {0}|What fields are there in {0}?|"
        "I want to know how the table {0} is built|Tell me the columns of {0}|"
        "Before I write a query, show the columns of {0}.|schema of {0}|"
        "List the fields of the database table {0}|How does the table {0} look, column by column?",
        "{n} columns|id, {w}|id and {w}",
    ),
    Family(
        "create_index|add_index|make_index",
        "Create an index on a column of a table|Add a database index|Make queries faster with an index",
        ("table|on:" + TABLES, "column|field:" + COLUMNS),
        "Create an index on {1} in {0}.|index {0} {1}|Add an index for the column {1} of the table {0}|"
        "Queries on {0} by {1} are slow; add an index|The column {1} in {0} needs an index|In {0}, index {1}|"
        "Please make an index, table {0}, column {1}|We search {0} by {1} a lot. Create an index.|"
        "Put a database index on {1}, the table is {0}|I want {1} of {0} to be indexed",
        "created|ok|already there",
    ),
    Family(
        "backup_database|dump_database|db_backup",
        "Make a backup of a database to a file|Dump a database|Save a copy of the database",
        ("database|db|name:word", "file|target|path:file"),
        "Back up the database {0} to {1}.|dump {0} to {1}|Save a copy of database {0} as {1}|"
        "Into {1}, write a backup of the database {0}|I want a dump of {0} in the file {1}|"
        "Please make a database backup, {0}, file {1}|{1} should hold a backup of the {0} database|"
        "Before we update, dump database {0} into {1}|The database is called {0}. Back it up as {1}.|"
        "db {0} backup {1}",
        "done|{n} MB|saved",
    ),
    Family(
        "http_get|fetch_url|get_page|fetch|curl",
        "Fetch a page from the web|Send a GET request to an address|Download the text of a URL",
        ("url|address|link:" + URLS,),
        "Fetch {0}.|get {0}|What is on the page {0}?|Send a GET request to {0}|Download the text of {0}|"
        "Open the address {0} and show me what comes|curl {0}|I want to see the answer of {0}|"
        "Load the web page at {0}|Please read {0} for me|The link is {0}. Fetch it.",
        "200 {w}|404|{w} {w}",
    ),
    Family(
        "http_post|post_data|send_post",
        "Send data to a URL with POST|Make a POST request with a body|Post a text to an address",
        ("url|address|endpoint:" + URLS, "body|data|payload:phrase"),
        "Post {1} to {0}.|POST {0} body {1}|Send {1} to the address {0} with POST|"
        'Make a POST request to {0} that carries "{1}"|{0} should receive {1} by POST|'
        "The endpoint is {0}, the body {1}. Post it.|To {0}, post the data {1}|"
        "With {1} as body, send a POST to {0}|Please send the text {1} to {0} as a post request|"
        "I need {1} posted at {0}",
        "201|ok|error {n}",
    ),
    Family(
        "check_website|is_site_up|ping_site|site_status",
        "Check whether a website works|See if a site is up|Test if a web page can be reached",
        ("site|url|domain:" + DOMAINS,),
        "Is {0} up?|check the website {0}|{0} does not load, is it down?|See if {0} can be reached|"
        "Does the site {0} work?|My browser shows nothing at {0}. Is it online?|site status {0}|"
        "Please test whether {0} is online|Can people open {0} at the moment?|"
        "I wonder if {0} is down for everybody",
        "up|down|up, {n} ms",
    ),
    Family(
        "take_screenshot|capture_page|screenshot",
        "Take a picture of a web page|Capture a site as an image file|Make a screenshot of a page",
        ("url|page|address:" + URLS, "file|save_as|output:file"),
        "Take a screenshot of {0} and save it as {1}.|screenshot {0} to {1}|"
        "Capture the page {0} in the file {1}|I need a picture of {0}; name it {1}|Save how {0} looks as {1}|"
        "Into {1}, put a screenshot of {0}|Please photograph the web page {0}, file {1}|"
        "{1} should be a screenshot of the page {0}|Show my boss how {0} looks. Make a screenshot called {1}.|"
        "capture {0} {1}",
        "saved|{n} KB|failed",
    ),
    Family(
        "shorten_url|short_link|make_short_link",
        "Make a short link for a long URL|Shorten a web address|Turn an address into a short one",
        ("url|long|address:" + URLS,),
        "Shorten {0}.|short link for {0}|The address {0} is too long, make it short|"
        "Give me a short url for {0}|I want to print {0} on a card. Shorten it.|Make a short link out of {0}|"
        "Please turn {0} into something shorter|{0} as a short link|A short address that leads to {0}, please|"
        "Can {0} be made shorter?",
        "sho.rt/{w}|tiny.ex/{w}|s.ex/{n}",
    ),
    Family(
        "whois|domain_info|domain_owner",
        "Find out who owns a domain|Get the registration of a domain|Look up a domain name",
        ("domain|name:" + DOMAINS,),
        "Who owns {0}?|whois {0}|Tell me who registered the domain {0}|Look up the owner of {0}|"
        "To whom does {0} belong?|I would like to buy {0}. Who has it?|Registration data of {0}, please|"
        "domain {0} owner|Find the person behind the domain {0}|When was {0} registered and by whom?",
        "{w} Ltd|free|{w} Inc",
    ),
    Family(
        "calculate|calculator|evaluate|compute",
        "Work out an arithmetic expression|Calculate the value of an expression|Evaluate a sum",
        ("expression|formula|input:" + EXPRESSIONS,),
        "What is {0}?|calculate {0}|{0}|How much is {0}?|Work out {0} for me|Tell me the result of {0}|"
        "I need the value of {0}.|{0} gives what?|Please compute {0}|My homework says {0}. What comes out?|"
        "Evaluate the expression {0}",
        "{n}|= {n}|{n}.5",
    ),
    Family(
        "mean|average|get_mean|compute_average",
        "Compute the average of numbers|Get the mean of some values|The mean of a series",
        ("numbers|values|series:" + SERIES,),
        "What is the average of {0}?|mean of {0}|Average these numbers, {0}|"
        "I have the values {0} and need their mean|{0} - what is the mean?|Work out the average value of {0}|"
        "My marks are {0}. What is the average?|Take {0} and give me the mean|"
        "Please tell me the mean of the series {0}|How much are {0} on average?",
        "{n}|{n}.5|about {n}",
    ),
    Family(
        "median|get_median|middle_value",
        "Find the median of numbers|Get the middle value of a series|The median of some values",
        ("numbers|values|data:" + SERIES,),
        "What is the median of {0}?|median {0}|Find the middle value of {0}|"
        "Which number is in the middle of {0}?|Give me the median of the values {0}|"
        "Sort {0} and tell me the median|{0}, median please|I measured {0}. Which is the median?|"
        "For the data {0} I need the median|The series is {0}, what is its middle value?",
        "{n}|{n}.5",
    ),
    Family(
        "standard_deviation|stdev|spread",
        "Compute the standard deviation of numbers|How much values differ from their mean|Get the spread of a series",
        ("numbers|values|data:" + SERIES,),
        "What is the standard deviation of {0}?|stdev {0}|How much do {0} spread?|"
        "Compute the standard deviation for {0}|I have measured {0} and want the standard deviation|"
        "{0} - give me the standard deviation|Tell me how widely {0} are spread|"
        "For the values {0}, work out the deviation|Deviation of the data {0}, please|"
        "My numbers are {0}. What is their standard deviation?",
        "{n}.2|{n}|1.{n}",
    ),
    Family(
        "sort_numbers|order_numbers|sort_list",
        "Sort numbers up or down|Put numbers in order|Order a list of values",
        ("numbers|values|list:" + SERIES, "order|direction:=ascending,descending"),
        "Sort {0} in {1} order.|sort {0} {1}|Put the numbers {0} in {1} order|In {1} order, what is {0}?|"
        "Arrange {0}, {1}|I want {0} to be {1}|Order the list {0}; it should be {1}|"
        "{1} please, for the numbers {0}|My list is {0}. Make it {1}.|Bring {0} into {1} order",
        "{n} {n}|sorted",
    ),
    Family(
        "percentage|percent_of|get_percent",
        "Compute some percent of a number|Get a share of a value in percent|Work out a percentage",
        ("percent|share|rate:small", "number|of|total|base:number"),
        "What is {0} percent of {1}?|{0}% of {1}|How much is {0} percent out of {1}?|Of {1}, take {0} percent|"
        "Give me {0} percent from {1}|I get {0} percent of {1}. How much is that?|"
        "From the total {1} I need {0} percent|The base is {1} and the rate {0} percent; what comes out?|"
        "Work out {0} % of {1}, please|If the whole is {1}, what are {0} percent?",
        "{n}|{n}.4",
    ),
    Family(
        "solve_equation|solve|find_x",
        "Solve an equation|Find the unknown in an equation|Get the solution of an equation",
        ("equation|problem|input:" + EQUATIONS,),
        "Solve {0}.|solve the equation {0}|What is the solution of {0}?|Find the unknown in {0}|"
        "{0} - please solve|I am stuck on {0}. Solve it.|If {0} holds, what is the unknown?|"
        "Which number makes {0} true?|Give me the solution to {0}|My teacher wrote {0}. What is the answer?",
        "x = {n}|{n}|no solution",
    ),
    Family(
        "square_root|sqrt|root",
        "Get the square root of a number|Compute a root|The number that times itself gives the value",
        ("number|value|x:int",),
        "What is the square root of {0}?|sqrt {0}|root of {0}|Tell me the square root of {0}|"
        "Which number times itself is {0}?|I need the root of {0} for my homework|Take the square root of {0}|"
        "{0}, square root please|Find the square root for the number {0}|"
        "The area is {0}. What is the square root?",
        "{n}|{n}.3",
    ),
    Family(
        "is_prime|prime_check|check_prime",
        "Tell whether a number is a prime|Check a number for being prime|Prime test",
        ("number|n|value:int",),
        "Is {0} a prime number?|prime {0}|Check whether {0} is prime|"
        "Can {0} be divided by other numbers or is it prime?|Tell me if the number {0} is a prime|"
        "{0} - prime or not|I think {0} is prime. Is that right?|Does {0} count among the primes?|"
        "Please run a prime test on {0}|Find out for me if {0} is prime",
        "yes|no|prime",
    ),
    Family(
        "random_number|roll|pick_number",
        "Give a random number between two numbers|Pick a number by chance|Draw a number in a range",
        ("low|min|from:small", "high|max|to:int"),
        "Give me a random number between {0} and {1}.|random {0} to {1}|Pick any number from {0} to {1}|"
        "Draw a number, at least {0}, at most {1}|Choose by chance from {0} up to {1}|"
        "I need luck. Give me a number from {0} to {1}.|The lowest is {0}, the highest {1}; pick a number|"
        "Some number not under {0} and not over {1}, please|Between {0} and {1}, choose a number at random|"
        "Roll a number in the range {0} to {1}",
        "{n}",
    ),
    Family(
        "convert_length|length_conversion|convert_distance",
        "Convert a length into another unit|Change a distance from one unit to another|"
        "Turn feet, miles or meters into other lengths",
        ("value|amount|length:number", "from|from_unit|source:" + LENGTHS, "to|to_unit|target:" + LENGTHS),
        "Convert {0} {1} to {2}.|{0} {1} in {2}|How many {2} are {0} {1}?|What are {0} {1} in {2}?|"
        "{0} {1} are how many {2}?|I have {0} {1} and need {2}|In {2}, how long is {0} {1}?|"
        "Change {0} {1} into {2}, please|Give me {0} {1} as {2}|"
        "The rope is {0} {1} long. Tell me that in {2}.|to {2} from {0} {1}",
        "{n}|{n}.2",
    ),
    Family(
        "convert_weight|weight_conversion|convert_mass",
        "Convert a weight into another unit|Change a mass from one unit to another|"
        "Turn pounds or kilograms into other weights",
        ("value|amount|weight:number", "from|from_unit|source:" + WEIGHTS, "to|to_unit|target:" + WEIGHTS),
        "Convert {0} {1} into {2}.|{0} {1} to {2}|How many {2} do {0} {1} make?|"
        "My bag weighs {0} {1}. What is that in {2}?|What is the weight of {0} {1} in {2}?|"
        "In {2} please, {0} {1}|{0} {1} expressed in {2}|The scale shows {0} {1} but I think in {2}|"
        "I need {2} and have {0} {1}|Tell me how heavy {0} {1} are in {2}",
        "{n}|{n}.7",
    ),
    Family(
        "convert_volume|volume_conversion|convert_liquid",
        "Convert a volume into another unit|Change liters, cups or gallons|Turn an amount of liquid into another unit",
        ("value|amount|volume:number", "from|from_unit|source:" + VOLUMES, "to|to_unit|target:" + VOLUMES),
        "Convert {0} {1} to {2}.|{0} {1} as {2}|How many {2} fit into {0} {1}?|"
        "The recipe wants {0} {1}; how many {2} is that?|I have {0} {1} of milk. Say it in {2}.|"
        "{0} {1} are what in {2}|In {2}, how much are {0} {1}?|Turn {0} {1} of water into {2}|"
        "What do {0} {1} make in {2}?|Please change {0} {1} to {2}",
        "{n}|{n}.1",
    ),
    Family(
        "convert_bytes|data_size|convert_storage",
        "Convert a data size into another unit|Change bytes, megabytes or gigabytes|"
        "Turn an amount of storage into another unit",
        ("value|amount|size:int", "from|from_unit|source:" + BYTES, "to|to_unit|target:" + BYTES),
        "Convert {0} {1} to {2}.|{0} {1} in {2}|How many {2} are in {0} {1}?|"
        "My disk has {0} {1}, what is that in {2}?|The download is {0} {1} big. Give it in {2}.|"
        "In {2}, how much is {0} {1}?|Tell me {0} {1} as {2}|{0} {1} make how many {2}?|"
        "Write the data size {0} {1} in {2}|I need {2} instead of {0} {1}",
        "{n}|{n}000",
    ),
    Family(
        "convert_currency|exchange|currency_converter|change_money",
        "Convert an amount of money into another currency|Exchange money|Turn one currency into another",
        ("amount|value|sum:number", "from|from_currency|source:currency", "to|to_currency|target:currency"),
        "Convert {0} {1} to {2}.|{0} {1} in {2}|How much is {0} {1} in {2}?|"
        "I have {0} {1}. What do I get in {2}?|Exchange {0} {1} for {2}|In {2}, what are {0} {1} worth?|"
        "The bill is {0} {1}; tell me that in {2}|Change {0} {1} into {2}, please|"
        "How many {2} do I get for {0} {1}?|What would {0} {1} be in {2}?|{2} for {0} {1}",
        "{n}|{n}.50",
    ),
    Family(
        "exchange_rate|get_rate|currency_rate",
        "Get the exchange rate between two currencies|Look up how one currency stands to another|"
        "The rate of a currency",
        ("base|from|currency:currency", "quote|to|target:currency"),
        "What is the exchange rate from {0} to {1}?|rate {0} {1}|How does {0} stand against {1}?|"
        "Give me the rate of {0} in {1}|The {0} to {1} rate, please|"
        "I watch the market. What is the rate from {0} to {1}?|Against {1}, what is the rate of {0}?|"
        "Look up the exchange rate, {0} in terms of {1}|Is {0} strong against {1}? Give me the rate.|"
        "{0}/{1} rate",
        "0.{n}|1.{n}|{n}.2",
    ),
    Family(
        "convert_time_zone|time_in_zone|translate_time|change_zone",
        "Convert a time from one time zone to another|Tell what a time is in another zone|"
        "Change a clock time between zones",
        ("time|at|clock:time", "from|from_zone|source:" + ZONES, "to|to_zone|target:" + ZONES),
        "What is {0} {1} in {2}?|{0} {1} to {2}|Convert {0} from {1} to {2}|"
        "The call is at {0} {1}; what time is that in {2}?|If it is {0} in {1}, how late is it in {2}?|"
        "In {2}, when is {0} {1}?|I am told {0} {1} but I live by {2}. What time is it for me?|"
        "Time {0}, zone {1}, wanted zone {2}|Give me {2} for {0} {1}|"
        "Please change the time {0} in {1} into {2}",
        "{h}",
    ),
    Family(
        "days_between|date_difference|count_days",
        "Count the days between two dates|Tell how far two dates are apart|Date difference",
        ("start|from|first:date", "end|to|second:date"),
        "How many days are between {0} and {1}?|days from {0} to {1}|Count the days from {0} until {1}|"
        "How long is it from {0} till {1}, in days?|My holiday goes from {0} to {1}. How many days is that?|"
        "The difference between {0} and {1} in days|Start {0}, end {1}, count the days|"
        "Tell me how far {0} and {1} are apart|If I begin on {0} and stop on {1}, how many days pass?|"
        "Between {0} and {1} lie how many days?",
        "{n}|{n} days",
    ),
    Family(
        "add_days|date_plus|later_date",
        "Add days to a date|Tell which date comes some days later|Date after a number of days",
        ("date|start|from:date", "days|count|number:small"),
        "What date is {1} days after {0}?|{0} plus {1} days|Add {1} days to {0}|"
        "Which day comes {1} days later than {0}?|Starting on {0}, go {1} days on|"
        "I got a bill on {0} and have {1} days. When must I pay?|"
        "If I wait {1} days from {0}, what is the date?|From {0}, count {1} days forward|"
        "{1} days from {0}, which date|Begin at {0} and add {1} days, please",
        "a Monday|the 1st|day {n}",
    ),
    Family(
        "day_of_week|weekday|which_weekday",
        "Tell the weekday of a date|Get which day of the week a date is|Name the weekday",
        ("date|day|on:date",),
        "Which weekday is {0}?|weekday of {0}|What day of the week is {0}?|Is {0} a Sunday?|"
        "On what day of the week does {0} fall?|I was born on {0}. Which weekday was that?|{0}, what weekday|"
        "Tell me the day of the week for {0}|Does {0} fall on a weekend?|Name the weekday of the date {0}",
        "Monday|Friday|Sunday|Wednesday",
    ),
    Family(
        "public_holidays|holiday_date|when_is_holiday",
        "Tell when a holiday is in a year|Get the date of a holiday|Look up a feast day",
        ("holiday|name|feast:" + HOLIDAYS, "year|in:year"),
        "When is {0} in {1}?|{0} {1} date|On which day is {0} in the year {1}?|Tell me the date of {0} in {1}|"
        "In {1}, when do we have {0}?|I plan my {1}. When is {0}?|Look up {0} for {1}|"
        "What date does {0} have in {1}?|{1}: which day is {0}?|Please find out when {0} falls in {1}",
        "day {n}|Monday|a Sunday",
    ),
    Family(
        "school_holidays|country_holidays|list_holidays",
        "List the public holidays of a country in a year|Which days are free in a country|Get all holidays of a land",
        ("country|land|in:" + COUNTRIES, "year|for:year"),
        "Which public holidays has {0} in {1}?|holidays {0} {1}|List all free days in {0} for {1}|"
        "In {1}, when do people in {0} not work?|I travel to {0} in {1}. Show the public holidays.|"
        "Public holidays of {0}, year {1}|For {1}, give me the holidays in {0}|"
        "Show me every public holiday that {0} has in {1}|When are shops closed in {0} in {1}?|"
        "The list of holidays in {0} for the year {1}, please",
        "{n} holidays|{w} day|{n} days",
    ),
    Family(
        "current_date|today|get_date|what_day",
        "Tell the date of today|Get the current date|Which day it is",
        (),
        "What is the date today?|which day is it|Tell me the date of today.|What day do we have?|"
        "current date please|I lost track of the days. What is today?|"
        "Is it the end of the month yet? Tell me the date.|Give me the date of this day|"
        "I need the date for my letter|Which date is it today?",
        "{n}|Monday|day {n} of the year",
    ),
    Family(
        "count_words|word_count|number_of_words",
        "Count the words of a text|Tell how many words there are|Get the word count",
        ("text|input|sentence:" + SENTENCES,),
        'How many words are in "{0}"?|count the words of {0}|word count {0}|'
        "Tell me the number of words in the text {0}|{0} - how many words is that?|"
        "I wrote {0}. How many words?|Count words in the sentence {0}|The text is {0}; how many words has it?|"
        'Please count how many words "{0}" has|Number of words, text {0}',
        "{n}|{n} words",
    ),
    Family(
        "to_upper_case|change_case|set_case",
        "Change the case of a text|Turn a text into upper, lower or title case|"
        "Set how the letters of a text are written",
        ("text|input:" + SENTENCES, "case|style|mode:=upper,lower,title"),
        'Write {0} in {1} case.|{1} case {0}|Turn "{0}" into {1} case|Make {0} {1} case, please|'
        "I want the words {0} in {1} case|In {1} case, how does {0} look?|Change the text {0} to {1} case|"
        "The heading {0} should be in {1} case|Case {1} for the text {0}|Put {0} into {1} case for me",
        "{w} {w}|done",
    ),
    Family(
        "replace_text|find_and_replace|replace_word",
        "Replace a word by another in a file|Find and replace in a document|Swap one word for another",
        ("find|old|search:" + HEADWORDS, "replace|new|with:" + HEADWORDS, "file|in|path:file"),
        "Replace {0} with {1} in {2}.|in {2} change {0} to {1}|Swap {0} for {1} in the file {2}|"
        "Wherever {2} says {0}, it should say {1}|The word {0} in {2} must become {1}|"
        "Open {2} and put {1} in the place of {0}|find {0} replace {1} file {2}|"
        "Instead of {0} I want {1} in {2}|{1} should stand where {0} stands in {2}|"
        "I used {0} too often in {2}. Use {1} there.",
        "{n} changes|replaced|not found",
    ),
    Family(
        "reverse_text|backwards|flip_text",
        "Write a text backwards|Reverse the letters of a text|Turn a word around",
        ("text|word|input:" + HEADWORDS,),
        "Write {0} backwards.|reverse {0}|What is {0} the other way round?|Turn the word {0} around|"
        "Read {0} from the end to the start|{0} backwards, please|How is {0} spelled backwards?|"
        'Flip the letters of {0}|Give me "{0}" reversed|I make a secret language. Reverse {0}.',
        "{w}",
    ),
    Family(
        "summarize_text|summary|shorten_text",
        "Summarize a file in a number of sentences|Make a short version of a document|Give the main points",
        ("file|document|path:file", "sentences|length|count:small"),
        "Summarize {0} in {1} sentences.|summary of {0}, {1} sentences|"
        "Give me the main points of {0} in {1} sentences|In {1} sentences, what does {0} say?|"
        "I have no time to read {0}. Use {1} sentences.|Shorten {0} to {1} sentences|"
        "What is {0} about? {1} sentences, please.|Make a {1} sentence version of the document {0}|"
        "{0} is too long; {1} sentences will do|Tell me in {1} sentences what is important in {0}",
        "{w} {w}|it is about {w}",
    ),
    Family(
        "compare_files|diff|show_differences",
        "Compare two files|Show how two files differ|Diff of two documents",
        ("first|file_a|left:file", "second|file_b|right:file"),
        "Compare {0} with {1}.|diff {0} {1}|How do {0} and {1} differ?|What is different between {0} and {1}?|"
        "Are {0} and {1} the same? Compare them.|Show me the changes from {0} to {1}|"
        "Put {0} next to {1} and list the differences|I have two versions, {0} and {1}; show the differences|"
        "Differences of {0} against {1}|Please check {0} and {1} for differences",
        "{n} lines differ|equal|{w} changed",
    ),
    Family(
        "spell_check|check_spelling|correct_spelling",
        "Check the spelling of a word|Correct a misspelled word|Tell how a word is written",
        ("word|text|input:" + SPELLINGS, "language|lang:language"),
        "Is {0} spelled right in {1}?|spell check {0} {1}|Check the spelling of {0}, language {1}|"
        "How do you write {0} correctly in {1}?|I typed {0} and it looks wrong in {1}|"
        "In {1}, is {0} the right spelling?|Correct the {1} word {0}|{0} - correct in {1}?|"
        'My {1} is weak. Did I spell {0} well?|Look for spelling faults in the {1} word "{0}"',
        "wrong|correct|should be {w}",
    ),
    Family(
        "define_word|dictionary|meaning|definition",
        "Give the meaning of a word|Look a word up in the dictionary|Define a word",
        ("word|term|entry:" + HEADWORDS,),
        "What does {0} mean?|define {0}|meaning of {0}|Look up {0} in the dictionary|"
        "I do not know the word {0}. What is it?|Give me the definition of {0}|{0}, what does that mean|"
        'Explain the word "{0}" with a dictionary|In the book I read {0}; what is the meaning?|'
        "Please define the term {0}|How would a dictionary describe {0}?",
        "a kind of {w}|to {w}|something {w}",
    ),
    Family(
        "synonyms|thesaurus|similar_words",
        "Find words with the same meaning|Get synonyms of a word|Other words for a word",
        ("word|term|of:" + HEADWORDS,),
        "What is another word for {0}?|synonyms of {0}|Find words that mean the same as {0}|"
        "I used {0} too often; give me other words|{0}, similar words please|Which words can stand for {0}?|"
        'Look in the thesaurus for {0}|Tell me a synonym of "{0}"|Instead of {0}, what else can I say?|'
        "My text says {0} ten times. What other words are there?",
        "{w}|{w} and {w}",
    ),
    Family(
        "antonyms|opposite|opposite_word",
        "Find the opposite of a word|Get antonyms|A word that means the contrary",
        ("word|term|of:" + HEADWORDS,),
        "What is the opposite of {0}?|opposite {0}|Which word means the contrary of {0}?|"
        "Give me an antonym for {0}|{0} - and the opposite?|"
        "I need a word that is the reverse in meaning of {0}|The contrary of {0}, please|"
        'Not {0} but the opposite, what is it called?|Find an opposite for the word "{0}"|'
        "In my crossword: the opposite of {0}.",
        "{w}|none",
    ),
    Family(
        "rhymes|find_rhymes|rhyming_words",
        "Find words that rhyme with a word|Get rhymes|Rhyming dictionary",
        ("word|with|term:" + HEADWORDS,),
        "What rhymes with {0}?|rhymes for {0}|Find a word that rhymes with {0}|"
        "I write a poem and a line ends in {0}. I need a rhyme.|Give me rhymes on {0}|"
        "{0} rhymes with which words?|Look for words which sound like {0} at the end|rhyme {0}|"
        'A rhyme for "{0}", please|My song has the word {0}; what rhymes with it?',
        "{w}|{w} and {w}",
    ),
    Family(
        "word_origin|etymology|where_word_comes_from",
        "Tell where a word comes from|Get the origin of a word|The history of a word",
        ("word|term:" + HEADWORDS,),
        "Where does the word {0} come from?|origin of {0}|etymology {0}|Tell me the history of the word {0}|"
        "How old is the word {0} and where was it born?|From which tongue did we get {0}?|"
        'I am curious where {0} has its roots|What is the origin of the word "{0}"?|'
        "The word {0}: where is it from?|Look up the etymology of {0}",
        "Latin {w}|Greek {w}|unknown",
    ),
    Family(
        "translate_word|translate|translation",
        "Translate a word from one language to another|Say a word in a foreign language|Bilingual dictionary",
        ("word|text|term:" + HEADWORDS, "from|source:language", "to|target:language"),
        "Translate {0} from {1} to {2}.|{0} {1} {2} dictionary|What is the {1} word {0} in {2}?|"
        "How do I say {0}, which is {1}, in {2}?|In {2}, what is {0}? The word is {1}.|"
        "From {1} into {2} please, {0}|The {1} word {0} in {2}, please|I know {0} in {1} but not in {2}|"
        "Give me the {2} for {0}; I am coming from {1}|Look up {0} in the {1} to {2} dictionary",
        "{w}",
    ),
    Family(
        "expand_acronym|acronym|abbreviation",
        "Tell what an abbreviation stands for|Expand an acronym|The long form of some letters",
        ("acronym|letters|short:" + ACRONYMS,),
        "What does {0} stand for?|{0} long form|Expand the acronym {0}|What is the long form of {0}?|"
        "Which words are behind the letters {0}?|I read {0} everywhere. What is it short for?|"
        "Tell me what the letters {0} are short for|The abbreviation {0}, what is that?|Spell out {0} in full|"
        "{0} is short for what?",
        "{w} {w} {w}|unknown",
    ),
    Family(
        "read_cell|get_cell|cell_value",
        "Read a cell of a spreadsheet|Get the value of one cell|What stands in a cell",
        ("sheet|tab|table:" + SHEETS, "cell|address|at:" + CELLS),
        "What is in cell {1} of {0}?|read {0} {1}|Give me the value of {1} in the sheet {0}|"
        "In {0}, what stands in {1}?|Cell {1}, sheet {0}, please read it|I need to know what {1} says in {0}|"
        "Tell me the content of {1} on the tab {0}|Look at {0} and read cell {1}|"
        "From the spreadsheet {0}, get {1}|The sheet is {0}. Which value is in {1}?",
        "{n}|{w}|empty",
    ),
    Family(
        "write_cell|set_cell|update_cell",
        "Write a value into a cell of a spreadsheet|Set one cell|Put something into a cell",
        ("sheet|tab|table:" + SHEETS, "cell|address|at:" + CELLS, "value|content|data:number"),
        "Write {2} into {1} of {0}.|set {0} {1} to {2}|Put {2} in cell {1} on the sheet {0}|"
        "In {0}, {1} should be {2}|Cell {1} in the spreadsheet {0} gets the value {2}|"
        "The number {2} belongs in {1} of {0}|Change {1} on {0} to {2}|"
        "I forgot to fill in {1} in {0}. It is {2}.|Enter {2}, sheet {0}, cell {1}|"
        "Let {0} have {2} in the cell {1}",
        "written|ok",
    ),
    Family(
        "sum_range|add_up_range|range_total",
        "Add up the cells of a range|Get the sum of some cells in a sheet|Total of a range",
        ("sheet|tab|table:" + SHEETS, "range|cells|area:" + RANGES),
        "Add up {1} in {0}.|sum {0} {1}|What is the sum of the cells {1} on the sheet {0}?|In {0}, total {1}|"
        "The total of {1} in the spreadsheet {0}, please|How much do {1} make together in {0}?|"
        "I need the sum over {1}; the tab is {0}|Sheet {0}, cells {1}: add them up|"
        "Work out the total for {1} on {0}|Take {0} and sum up {1}",
        "{n}|{n}.25",
    ),
    Family(
        "sort_sheet|sort_by_column|order_sheet",
        "Sort a sheet by a column|Order the rows of a spreadsheet|Arrange rows up or down",
        ("sheet|tab|table:" + SHEETS, "column|by|key:" + COLUMNS, "order|direction:=ascending,descending"),
        "Sort {0} by {1}, {2}.|{0} by {1} {2}|Order the rows of the sheet {0} by {1} in {2} order|"
        "In {2} order, sort {0} by the column {1}|The spreadsheet {0} should be {2} by {1}|"
        "Arrange {0}; key {1}, direction {2}|By {1}, sort the tab {0} {2}|I want to see {0} with {1} {2}|"
        "Please put the rows in {0} in {2} order of {1}|Column {1} decides. Sort {0} {2}.",
        "sorted|{n} rows",
    ),
    Family(
        "add_sheet|new_sheet|create_tab",
        "Add a new sheet to a workbook|Create a tab in a spreadsheet file|Make an empty sheet",
        ("name|title|tab:topic", "file|workbook|in:file"),
        "Add a sheet {0} to {1}.|new tab {0} in {1}|In {1}, make an empty sheet called {0}|"
        'The workbook {1} needs a tab for {0}|Create the sheet "{0}" within {1}|'
        "I want a new page about {0} in the spreadsheet {1}|Put a tab named {0} into {1}|"
        "{1} should get another sheet, {0}|Sheet {0}, workbook {1}, add|Open {1} and start a sheet titled {0}",
        "added|ok",
    ),
    Family(
        "make_chart|draw_chart|create_chart|plot",
        "Make a chart of a range of a sheet|Draw a diagram from cells|Plot data",
        ("type|kind|style:=bar,line,pie,scatter", "range|cells|data:" + RANGES, "sheet|tab:" + SHEETS),
        "Make a {0} chart of {1} in {2}.|{0} chart {1} {2}|Draw a {0} chart from the cells {1} on {2}|"
        "In {2}, plot {1} as a {0} chart|I want to see {1} of the sheet {2} in a {0} chart|"
        "From {2} take {1} and draw a {0} chart|Show {1} from {2}; the chart type is {0}|"
        "A {0} diagram of {1}, sheet {2}, please|My talk needs a picture. Plot {1} of {2} as {0}.|"
        "Sheet {2}, range {1}, chart {0}",
        "drawn|chart {n}",
    ),
    Family(
        "generate_password|new_password|make_password|random_password",
        "Make a random password of some length|Generate a safe password|Create a password",
        ("length|characters|size:small",),
        "Generate a password with {0} characters.|new password {0} long|I need a safe password, {0} signs|"
        "Make me a random password of length {0}|{0} characters, random, for a password|"
        "Give me a password that has {0} letters and digits|A strong password with {0} characters, please|"
        "My old password is weak. Make one with {0} characters.|Password, {0} characters|"
        "Think of a password that is {0} characters long",
        "{w}{n}|{w}{w}",
    ),
    Family(
        "get_password|find_password|show_password",
        "Look up a saved password|Get the password of an account from the safe|Show a login",
        ("account|entry|for:" + ACCOUNTS,),
        "What is my password for the {0}?|password {0}|Look up the login of the {0}|"
        "I forgot the password of my {0}|Show me the saved password for the {0}|"
        "I cannot get into the {0}. What was the password?|Get the {0} password out of the safe|"
        "Find the secret for my {0}|Please open the safe and read me the {0} password|"
        "The {0} asks for a password, which one is it?",
        "{w}{n}|not saved",
    ),
    Family(
        "save_password|store_password|add_login",
        "Save a password for an account|Store a login in the safe|Remember a secret",
        ("account|entry|for:" + ACCOUNTS, "password|secret:word"),
        "Save {1} as the password for the {0}.|store password {1} for {0}|"
        "The password of my {0} is {1}, keep it safe|Remember the {0} password, it is {1}|"
        "For the {0} I use {1}; put it into the safe|Add a login, {0}, with the secret {1}|"
        '{1} is my new password for the {0}. Save it.|Please keep "{1}" as the {0} password|'
        "Put the {0} with the password {1} into the vault|In the vault, the {0} should have {1}",
        "saved|ok",
    ),
    Family(
        "check_password|password_strength|rate_password",
        "Tell how strong a password is|Check a password|Rate how safe a password is",
        ("password|secret|text:word",),
        "How strong is the password {0}?|check password {0}|Is {0} a safe password?|Rate {0} as a password|"
        "Would somebody guess my password {0}?|I want to use {0} as a password. Is it good?|"
        '{0} - strong or weak password|Tell me if "{0}" is strong enough|The password {0}, how safe is that?|'
        "How long would it take to crack {0}?",
        "weak|strong|medium",
    ),
    Family(
        "breach_check|leaked_email|pwned",
        "Check whether an email address was in a data leak|Look for leaks of an account|Tell if data were stolen",
        ("email|address|account:email",),
        "Was {0} in a data leak?|leak check {0}|Have the data of {0} been stolen?|"
        "Look whether {0} appears in a breach|I am afraid that {0} was hacked|"
        "Check for leaks with the address {0}|{0}, any breach|"
        "Somebody may have stolen my login {0}. Check for leaks.|Is the account {0} part of a known leak?|"
        "Find out if hackers have {0}",
        "{n} leaks|none|1 leak",
    ),
    Family(
        "encrypt_file|lock_file|protect_file",
        "Encrypt a file with a password|Protect a file by a secret|Lock a document",
        ("file|path:file", "password|key|secret:word"),
        "Encrypt {0} with the password {1}.|lock {0} with {1}|Protect the file {0}, secret {1}|"
        "Nobody may read {0}; encrypt it with {1}|With {1} as key, encrypt {0}|"
        "Use the password {1} to lock {0}|{0} holds private things. Encrypt it, the key is {1}.|"
        'Make {0} secret by the password "{1}"|Please put a lock with the word {1} on {0}|'
        "encrypt file {0} key {1}",
        "encrypted|ok",
    ),
    Family(
        "hash_text|checksum|compute_hash",
        "Compute a hash of a file|Get the checksum of a file|Make a fingerprint",
        ("file|path|input:file", "algorithm|method|kind:=md5,sha1,sha256,sha512"),
        "Compute the {1} of {0}.|{1} {0}|What is the {1} checksum of {0}?|Give me a {1} hash for the file {0}|"
        "I want to check {0}; what is its {1}?|With {1}, hash {0}|The {1} fingerprint of {0}, please|"
        "Take the file {0} and work out {1}|For {0} I need the {1} sum|Hash {0} by means of {1}",
        "{w}{n}|{n}{w}",
    ),
    Family(
        "block_ip|ban_address|firewall_block",
        "Block an address in the firewall|Ban a host|Stop traffic from a machine",
        (
            "address|ip|host:~10.0.0.12,192.168.1.40,172.16.4.9,203.0.113.5,198.51.100.77,192.0.2.14,10.8.0.3,"
            "203.0.113.200,198.51.100.9,192.0.2.250",
        ),
        "Block {0} in the firewall.|ban {0}|Stop all traffic from {0}|The address {0} attacks us, block it|"
        "No more requests from {0}, please|Put {0} on the block list|"
        "Somebody at {0} guesses passwords. Ban that address.|firewall block {0}|"
        "Let nothing in that comes from {0}|I want the ip {0} shut out",
        "blocked|ok",
    ),
    Family(
        "open_port|allow_port|firewall_open",
        "Open a port of a host in the firewall|Allow traffic on a port|Let connections in",
        ("port|number:int", "host|server|machine:" + HOSTS),
        "Open port {0} on {1}.|allow {0} at {1}|On {1}, let traffic in through port {0}|"
        "The firewall of {1} should allow port {0}|{1} needs port {0} open|"
        "I cannot connect to {1}. Open its port {0}.|Permit connections on {0} for the machine {1}|"
        "host {1} port {0} open|Please let port {0} of {1} through the firewall|"
        "Through the firewall of {1}, allow {0}",
        "open|ok",
    ),
    Family(
        "restart_service|reload_service|bounce_service",
        "Restart a service on a server|Stop and start a service again|Reload a program on a host",
        ("service|name|unit:" + SERVICES, "host|server|on:" + HOSTS),
        "Restart {0} on {1}.|bounce {0} {1}|On {1}, restart the {0}|The {0} on {1} hangs, restart it|"
        "Stop {0} on the server {1} and start it again|{1} needs a restart of {0}|"
        "Please restart the service {0}, host {1}|I changed the settings of {0} on {1}. Restart the service.|"
        "Give {0} a fresh start on {1}|Service {0}, machine {1}, restart",
        "restarted|ok|failed",
    ),
    Family(
        "service_status|is_service_running|check_service",
        "Tell whether a service runs on a server|Get the state of a service|Check a service",
        ("service|name|unit:" + SERVICES, "host|server|on:" + HOSTS),
        "Is {0} running on {1}?|status {0} {1}|How is {0} doing on {1}?|Check the service {0} on the host {1}|"
        "On {1}, does {0} work?|Tell me the state of {0} on the server {1}|"
        "Users complain. Is {0} on {1} alive?|I want to know whether {0} is up on {1}|"
        "{1}: is the {0} service active?|See if {0} runs on {1}",
        "running|stopped|failed",
    ),
    Family(
        "reboot_server|restart_machine|reboot",
        "Reboot a server|Restart a whole machine|Switch a host off and on again",
        ("host|server|machine:" + HOSTS,),
        "Reboot {0}.|restart the machine {0}|The server {0} needs a reboot|Switch {0} off and on again|"
        "{0} does not answer, reboot it|Please restart the whole server {0}|"
        "After the update {0} must be rebooted|Do a reboot of {0}|I installed a new kernel. Reboot {0}.|"
        "host {0} reboot",
        "rebooting|ok|back at {h}",
    ),
    Family(
        "cpu_load|server_load|get_load",
        "Get the processor load of a server|Show how busy a machine is|CPU use of a host",
        ("host|server|machine:" + HOSTS,),
        "How busy is {0}?|cpu load {0}|What is the processor load on {0}?|Is the cpu of {0} at its limit?|"
        "Show me how much {0} has to do|Everything is slow on {0}. What is the load?|load of server {0}|"
        "Check the cpu use of {0}|Tell me whether {0} is under heavy load|"
        "The cpu of the machine {0}, how much is in use?",
        "{n} percent|0.{n}|high",
    ),
    Family(
        "memory_usage|ram_usage|get_memory",
        "Get how much memory a server uses|Show the RAM of a host|Memory in use on a machine",
        ("host|server|machine:" + HOSTS,),
        "How much memory does {0} use?|ram {0}|Is the memory of {0} full?|Show me the memory use of {0}|"
        "How much RAM is free on {0}?|I fear that {0} runs out of memory|Check the RAM on the server {0}|"
        "memory usage of {0} please|What about the memory of {0}?|"
        "Programs crash on {0}. Is there enough memory?",
        "{n} MB|{n} percent|full",
    ),
    Family(
        "ping_host|ping|reach_host",
        "Ping a host a number of times|Measure how fast a machine answers|Test the connection to a host",
        ("host|target|address:" + HOSTS, "count|times|packets:small"),
        "Ping {0} {1} times.|ping {0} count {1}|Send {1} pings to {0}|{1} packets to {0}, does it answer?|"
        "Test the connection to {0} with {1} packets|How fast does {0} answer {1} pings?|"
        "With {1} packets, ping the host {0}|I want to know if {0} replies. Ping it {1} times.|"
        "See whether {0} can be reached by {1} pings|Let {1} pings go out to {0}",
        "{n} ms|no answer|lost",
    ),
    Family(
        "set_alert|create_alert|add_alarm_rule",
        "Alert when a measure of a server passes a limit|Create a monitoring alert|Warn if a value is too high",
        (
            "metric|measure|what:=cpu,memory,disk,traffic,errors",
            "host|server|machine:" + HOSTS,
            "threshold|limit|above:level",
        ),
        "Alert me when {0} on {1} is above {2}.|alert {1} {0} {2}|If {0} of {1} goes over {2}, warn me|"
        "On {1}, set an alert for {0} at {2}|The limit for {0} on {1} is {2}; tell me when it is passed|"
        "Watch {0} on {1} and warn above {2}|I want a warning as soon as {1} has more than {2} in {0}|"
        "Create an alert. Server {1}, measure {0}, limit {2}.|"
        "More than {2} in {0} on {1} should raise an alert|Warn the team when {1} passes {2} for {0}",
        "alert {n}|set|ok",
    ),
    Family(
        "silence_alerts|mute_alerts|pause_monitoring",
        "Silence the alerts of a host for some minutes|Mute monitoring|Pause warnings",
        ("host|server|machine:" + HOSTS, "minutes|duration|for:small"),
        "Silence the alerts of {0} for {1} minutes.|mute {0} {1} min|No warnings about {0} for {1} minutes|"
        "Pause the monitoring of {0}, {1} minutes|For {1} minutes I want no alarms from {0}|"
        "I work on {0}, keep its alerts quiet for {1} minutes|{0} will be down {1} minutes. Mute it.|"
        "Quiet the {0} alarms; {1} minutes are enough|During the next {1} minutes ignore alerts from {0}|"
        "Please stop warning me about {0} for {1} minutes",
        "muted|ok",
    ),
    Family(
        "search_logs|grep_logs|find_in_logs",
        "Search the logs of a service for a text|Find lines in logs|Look for a word in the log",
        ("service|source|app:" + SERVICES, "text|query|pattern:word", "hours|last|since:small"),
        "Search the logs of {0} for {1} in the last {2} hours.|logs {0} {1} {2}h|"
        "Find {1} in the {0} log of the past {2} hours|Did {0} log {1} within {2} hours?|"
        'In the last {2} hours, did {1} appear in the logs of {0}?|Look for "{1}" in {0} logs, {2} hours back|'
        "How often did {0} write {1} over {2} hours?|The past {2} hours, logs of {0}, lines with {1}|"
        "Go {2} hours back in the {0} log and look for {1}|"
        "I hunt a fault. Find {1} in the logs of {0}, last {2} hours.",
        "{n} lines|none|error {n}",
    ),
    Family(
        "renew_certificate|renew_ssl|update_certificate",
        "Renew the certificate of a domain|Get a new SSL certificate|Update the https certificate",
        ("domain|site|name:" + DOMAINS,),
        "Renew the certificate of {0}.|new ssl certificate {0}|The certificate for {0} runs out, renew it|"
        "{0} shows a certificate warning; get a new one|Please update the https certificate of {0}|"
        "Make sure {0} has a fresh certificate|renew cert {0}|Get {0} a new certificate before it ends|"
        "Browsers complain about {0}. Renew its certificate.|I need the ssl certificate of {0} renewed",
        "renewed|ok|valid for {n} days",
    ),
    Family(
        "dns_lookup|resolve|nslookup",
        "Look up the address of a domain|Resolve a DNS record|Get a record of a domain",
        ("domain|name|host:" + DOMAINS, "type|record|kind:=A,AAAA,MX,TXT,NS,CNAME"),
        "Get the {1} record of {0}.|dns {0} {1}|Look up {1} for {0}|"
        "What is the {1} record for the domain {0}?|Resolve {0}, record type {1}|nslookup {0} type {1}|"
        "In the DNS, which {1} has {0}?|I need to see the {1} record that {0} uses|"
        "Mail fails. Show the {1} record of {0}.|The domain is {0} and the record {1}, look it up",
        "10.0.{n}.1|mail.{w}.com|none",
    ),
    Family(
        "start_pipeline|run_pipeline|trigger_build|start_ci",
        "Start a CI pipeline on a branch|Trigger a build|Run the automatic tests",
        ("pipeline|job|name:" + PIPELINES, "branch|ref|on:" + BRANCHES),
        "Start the {0} on {1}.|run {0} {1}|Trigger {0} for the branch {1}|On {1}, run the CI job {0}|"
        "The branch {1} is ready, start the {0}|Kick off {0}; the branch is {1}|I pushed to {1}. Run the {0}.|"
        "Please let the {0} run on branch {1}|For {1} we need the {0}, start it|CI, job {0}, branch {1}",
        "started|run {n}|queued",
    ),
    Family(
        "pipeline_status|build_status|ci_status",
        "Tell how a CI pipeline went|Get the state of a build|Did the automatic tests pass",
        ("pipeline|job|name:" + PIPELINES,),
        "How did the {0} go?|status of {0}|Did the {0} pass?|Is the {0} green?|Tell me the result of the {0}|"
        "Has the {0} failed?|I wait for the {0}. Is it finished?|CI state of the {0}, please|"
        "{0}: green or red|What came out of the last {0}?",
        "green|failed|running|{n} tests failed",
    ),
    Family(
        "cancel_build|stop_pipeline|abort_build",
        "Cancel a running build by its number|Abort a CI run|Stop a build",
        ("build|number|run_id:int",),
        "Cancel build {0}.|abort run {0}|Stop the CI build number {0}|Build {0} is useless, cancel it|"
        "I pushed a mistake. Abort build {0}.|The run {0} takes too long, end it|"
        "Please cancel the build with the number {0}|build {0} stop|Do not let build {0} finish|"
        "Break off the running build {0}",
        "cancelled|ok|already done",
    ),
    Family(
        "deploy|release|ship_version",
        "Deploy a version of a project to an environment|Release software|Ship a version",
        (
            "project|app|service:" + REPOSITORIES,
            "version|tag|release:word",
            "environment|env|stage:=production,staging,testing",
        ),
        "Deploy {0} version {1} to {2}.|ship {0} {1} {2}|Release {1} of {0} to {2}|"
        "In {2}, put {0} at version {1}|The version {1} of {0} should go to {2}|"
        "{2} needs {0} in version {1}, deploy it|Bring {0} {1} to {2}, please|"
        "Version {1} is tested. Roll {0} out to {2}.|I want {0} in {2} to be {1}|"
        "Deploy. Project {0}, version {1}, environment {2}.",
        "deployed|ok|failed",
    ),
    Family(
        "print_document|print_file|print",
        "Print copies of a file on a printer|Send a document to the printer|Get something on paper",
        ("file|document|path:file", "printer|device|on:" + PRINTERS, "copies|count|number:small"),
        "Print {0} on {1}, {2} copies.|{2} x {0} on {1}|I need {2} copies of {0} from {1}|"
        "On {1}, print {0} {2} times|Send {0} to {1}; {2} copies please|{2} paper copies of {0}, printer {1}|"
        "The class has {2} pupils. Print {0} for each on {1}.|Use {1} to print {2} copies of {0}|"
        "Get {0} on paper {2} times, with {1}|File {0}, printer {1}, copies {2}",
        "printing|job {n}|no paper",
    ),
    Family(
        "printer_status|check_printer|toner_level",
        "Tell whether a printer is ready|Get the state of a printer|Check paper and toner",
        ("printer|device|name:" + PRINTERS,),
        "Is {0} ready?|printer status {0}|Does {0} have enough toner?|What is wrong with {0}? Nothing prints.|"
        "Check the paper in {0}|Tell me the state of the printer {0}|I want to print. Is {0} on?|"
        "Has {0} run out of ink?|{0} - does it print|Look if {0} works before I print",
        "ready|no paper|toner low|offline",
    ),
    Family(
        "cancel_print|stop_printing|delete_print_job",
        "Cancel a print job by its number|Stop the printing of a job|Remove a job from the print queue",
        ("job|number|id:int",),
        "Cancel print job {0}.|stop printing {0}|Remove the job {0} from the print queue|"
        "I printed the wrong thing, cancel job {0}|Print job {0} should not be printed|"
        "Too many pages. Stop print job {0}.|Take job number {0} off the printer|"
        "The printer need not print job {0}|job {0} cancel print|"
        "Please delete the print job with the number {0}",
        "cancelled|ok|already printed",
    ),
    Family(
        "scan_document|scan|scan_page",
        "Scan a page to a file at a resolution|Use the scanner|Make a digital copy of paper",
        ("file|output|save_as:file", "dpi|resolution|quality:=150,300,600,1200"),
        "Scan the page to {0} with {1} dpi.|scan {0} {1}|Save a scan as {0}, resolution {1}|"
        "With {1} dpi, scan this paper into {0}|I have a letter here; scan it at {1} dpi as {0}|"
        "{0} should be a scan in {1} dpi|Start the scanner at {1} dpi and write {0}|"
        "Make a digital copy called {0}, quality {1} dpi|"
        "The paper lies in the scanner. Use {1} dpi and the name {0}.|Resolution {1}, file {0}, scan",
        "scanned|{n} pages|no paper",
    ),
    Family(
        "call|phone_call|dial|make_call",
        "Call a person by phone|Start a phone call with someone|Ring somebody",
        ("person|contact|who:name",),
        "Call {0}.|phone {0}|ring {0} please|I want to talk to {0} on the phone|Get {0} on the line|"
        "Please dial {0}|Give {0} a call|{0} waits for my call, dial|Start a phone call with {0}|"
        "My car broke down. Call {0}.|Let the phone ring at {0}",
        "calling|busy|no answer",
    ),
    Family(
        "dial_number|call_number|ring_number",
        "Dial a phone number|Call a number|Start a call to a number",
        ("number|phone|to:" + PHONES,),
        "Dial {0}.|call the number {0}|Ring {0}, please|Connect me with {0} by phone|"
        "{0} is the number, call it|I have to phone {0}|Start a call to {0}|A card says {0}. Call there.|"
        "Please phone the number {0}|Type {0} into the phone and call",
        "calling|busy|no answer",
    ),
    Family(
        "leave_voicemail|voice_message|record_voicemail",
        "Leave a voice message for a person|Speak on someone's answering machine|Record a message",
        ("person|to|contact:name", "message|text|words:phrase"),
        "Leave {0} the voice message {1}.|voicemail {0} {1}|Speak {1} on the answering machine of {0}|"
        "{0} does not answer, so leave a voice message, {1}|On the voicemail of {0}, say {1}|"
        'Tell the answering machine of {0} that {1}|Record "{1}" for {0}|'
        "I want {0} to hear {1} as a voice message|Please put {1} on the voicemail for {0}|"
        "Voice message, person {0}, words {1}",
        "recorded|ok",
    ),
    Family(
        "send_sms|text_message|send_text",
        "Send a text message to a phone number|Write an SMS|Text a number",
        ("number|phone|to:" + PHONES, "message|text|body:phrase"),
        "Text {1} to {0}.|sms {0} {1}|Send an SMS with {1} to the number {0}|"
        'Write "{1}" as a text message to {0}|To {0}, send the sms {1}|The number {0} should get the text {1}|'
        "Send the short message {1}; the phone is {0}|I am late. Text {0} that {1}.|"
        "Message {1}, number {0}, by SMS|Let {0} know by text message: {1}",
        "sent|delivered|failed",
    ),
    Family(
        "missed_calls|list_missed_calls|who_called",
        "List the missed phone calls|Show who called|Get calls that were not answered",
        (),
        "Who called me?|missed calls|Did I miss a call?|Show me the calls I did not answer.|"
        "Has anybody phoned while I was away?|List my missed calls, please|"
        "I heard the phone ring. Who was it?|Which calls did I miss?|Are there any missed calls on my phone?|"
        "Let me know who phoned",
        "{n} calls|{w} at {h}|none",
    ),
    Family(
        "block_caller|block_number|reject_calls_from",
        "Block a phone number|Refuse calls from a number|Put a caller on the black list",
        ("number|phone|caller:" + PHONES,),
        "Block the number {0}.|no more calls from {0}|Refuse calls by {0}|{0} calls me all day, block it|"
        "I never want {0} to reach my phone again|Put the caller {0} on the black list|"
        "Adverts again from {0}. Block that caller.|caller {0} block|Please make sure {0} cannot phone me|"
        "Do not let {0} ring here",
        "blocked|ok",
    ),
    Family(
        "forward_calls|redirect_calls|call_forwarding",
        "Forward all calls to another number|Redirect the phone|Send callers to a different phone",
        ("number|to|target:" + PHONES,),
        "Forward my calls to {0}.|redirect phone to {0}|All calls should go to {0}|"
        "I leave the office, send callers to {0}|Set call forwarding to the number {0}|"
        "{0} should ring when people call me|Please pass my calls on to {0}|"
        "My phone is broken. Forward everything to {0}.|call forwarding {0}|"
        "Let people who phone me end up at {0}",
        "on|forwarding|ok",
    ),
    Family(
        "add_task|create_todo|new_task|add_todo",
        "Add a task with a due date to the to-do list|Create a to-do|Put something on the task list",
        ("task|title|text:task", "due|date|deadline:date"),
        "Add {0} to my tasks, due {1}.|todo {0} {1}|I have to {0} by {1}, put it on the list|"
        "Until {1} I must {0}. Make a task.|New task, {0}, deadline {1}|"
        'By {1}, {0}; write it on my to-do list|Put "{0}" on the to-do list with the date {1}|'
        "Make a to-do for {1}, {0}|The deadline is {1} and the task is to {0}|"
        "Please note as a task that I should {0} before {1}",
        "added|task {n}|ok",
    ),
    Family(
        "complete_task|finish_task|check_off|mark_done",
        "Mark a task as done|Check off a to-do|Finish a task on the list",
        ("task|title|item:task",),
        "Mark {0} as done.|done {0}|I managed to {0}, check it off|Tick off {0} on my list|"
        "The task {0} is finished|Cross out {0}|At last! I did {0}. Check it off my list.|"
        "{0} can be ticked off|Please set the to-do {0} to done|My list still says {0} but that is done",
        "done|ok|not on the list",
    ),
    Family(
        "start_timer_for_task|track_time|start_tracking",
        "Start to track working time for a customer|Record hours of work|Begin a time sheet entry",
        (
            "client|customer|for:" + COMPANIES,
            "activity|work|what:~writing,design,phone calls,testing,planning,cleaning,training,repairs,research,"
            "bookkeeping,travel,support",
        ),
        "Start the clock for {1} at {0}.|track {1} {0}|I begin with {1} for {0}, record the time|"
        "Book my time on {0}, the work is {1}|For {0} I do {1} from here on. Track it.|"
        "Customer {0}, activity {1}, start tracking|My hours of {1} for {0} should be counted|"
        "Start a time sheet entry, {1}, client {0}|Count the time I spend on {1} for {0}|"
        "{1} for {0}: start to track my time",
        "started|ok|running since {h}",
    ),
    Family(
        "create_invoice|write_invoice|bill_customer",
        "Write an invoice to a customer|Bill a company for an amount|Make a bill with a due date",
        ("customer|client|to:" + COMPANIES, "amount|sum|total:number", "due|date|pay_by:date"),
        "Write an invoice to {0} over {1}, due {2}.|bill {0} {1} {2}|"
        "{0} owes us {1}; make an invoice payable by {2}|Make a bill of {1} for {0} with the date {2}|"
        "By {2} {0} should pay {1}. Write the invoice.|Invoice for {0}, total {1}, to be paid until {2}|"
        "Charge {0} {1} and set {2} as the last day|The customer {0} gets a bill, sum {1}, due on {2}|"
        "Please bill {1} to {0}; they have time until {2}|"
        "Due {2}, amount {1}, customer {0}, create the invoice",
        "invoice {n}|created|ok",
    ),
    Family(
        "log_expense|add_expense|book_expense",
        "Record a business expense with a category|Add a cost to the books|Book money spent",
        (
            "amount|cost|sum:number",
            "category|type|kind:~meals,hotel,train tickets,taxi,stationery,software,phone,fuel,postage,furniture,"
            "training,parking,gifts,rent",
        ),
        "I spent {0} on {1}, book it.|expense {0} {1}|Record {0} for {1} as an expense|"
        "For {1} I paid {0}; put it in the books|Add an expense, {1}, {0}|{0} went on {1}. Log that.|"
        "Book the cost of {0} under {1}|Please note {1} costs of {0}|The receipt says {0} for {1}|"
        "In the category {1}, enter the expense {0}",
        "booked|expense {n}|ok",
    ),
    Family(
        "request_leave|ask_holiday|book_leave",
        "Ask for days off between two dates|Request leave from work|Apply for a holiday",
        ("start|from|first_day:date", "end|until|last_day:date", "reason|kind|type:=vacation,sickness,training,family"),
        "Request leave from {0} to {1} for {2}.|leave {0} {1} {2}|"
        "I will be off from {0} until {1}; the reason is {2}|Because of {2} I need days off, {0} to {1}|"
        "Ask my boss for {2} leave between {0} and {1}|From {0} till {1} I want to be away, {2}|"
        "Please apply for {2} from {0} to {1}|First day {0}, last day {1}, reason {2}. Ask for leave.|"
        "I cannot come to work between {0} and {1} because of {2}|Put in a leave request, {2}, {0} up to {1}",
        "requested|approved|refused",
    ),
    Family(
        "set_config|set_option|change_setting",
        "Set an option of a program|Change a setting to a value|Write a configuration key",
        ("key|option|setting:" + KEYS, "value|to:word"),
        "Set the option {0} to {1}.|config {0} {1}|Change the setting {0} into {1}|"
        "In the configuration, {0} should be {1}|The key {0} needs the value {1}|"
        "{1} is right for the option {0}, set it|Please write {0} = {1} to the config|"
        'I do not like the old setting of {0}. Use {1}.|Let the setting {0} have "{1}"|'
        "Configuration key {0}, new value {1}",
        "set|ok|unknown option",
    ),
    Family(
        "create_recurring_meeting|repeat_meeting|add_series",
        "Create a meeting that repeats on a weekday with a time and length|Plan a series of meetings|"
        "Put a weekly appointment into the calendar",
        (
            "title|name|meeting:" + MEETINGS,
            "weekday|day|on:=Monday,Tuesday,Wednesday,Thursday,Friday",
            "time|at|start:time",
            "minutes|length|duration:small",
        ),
        "Plan {0} every {1} at {2} for {3} minutes.|every {1} {2} {0} {3} min|"
        "Each {1} we hold the {0} at {2}; it takes {3} minutes|"
        "Create a series {0}, {1}, {2}, {3} minutes long|At {2} on every {1} there shall be a {3} minute {0}|"
        "The {0} repeats each {1}, starts at {2} and lasts {3} minutes|"
        "For {3} minutes each {1}, beginning at {2}, block the {0}|"
        "Repeat the {0} on every {1}. Time {2}, length {3} minutes.|"
        "I want a {0} of {3} minutes on each {1} at {2}|"
        "Put a weekly {0} into the calendar, {1} {2}, {3} minutes",
        "created|series {n}|ok",
    ),
    Family(
        "copy_to_server|upload_to_host|scp",
        "Copy a file to a folder of a server as a user|Upload a file over ssh|Put a file on another machine",
        (
            "file|source|path:file",
            "host|server|machine:" + HOSTS,
            "folder|target|directory:" + FOLDERS,
            "user|login|as:word",
        ),
        "Copy {0} to {2} on {1} as {3}.|scp {0} {3}@{1} {2}|"
        "Upload {0} to the server {1}, folder {2}, user {3}|As the user {3}, put {0} into {2} of {1}|"
        "On {1} I need {0} in {2}; log in as {3}|Log in to {1} as {3} and copy {0} into {2}|"
        "{0} belongs in {2} on the machine {1}, the login is {3}|"
        "Send the file {0} over to {1}, target {2}, with the login {3}|"
        "The user is {3}, the host {1}, the folder {2}, the file {0}. Upload it.|"
        "Into {2} on {1}, please upload {0} using the account {3}",
        "copied|ok|no access",
    ),
    Family(
        "loan_payment|monthly_rate|compute_loan",
        "Compute the monthly payment of a loan|How much a credit costs each month|Work out the rate of a loan",
        ("amount|loan|sum:int", "percent|interest|rate:small", "years|term|duration:small", "currency|money:currency"),
        "What do I pay each month for {0} {3} at {1} percent over {2} years?|loan {0} {3} {1}% {2} years|"
        "Work out the monthly rate of a loan, {0} {3}, {1} percent, {2} years|"
        "I borrow {0} {3} for {2} years and pay {1} percent. What is the rate?|"
        "At {1} percent and for {2} years, what does a loan of {0} {3} cost a month?|"
        "The bank lends me {0} {3}, interest {1} percent, term {2} years. Tell me the monthly payment.|"
        "For {2} years I take {0} {3} with {1} percent interest; how much per month?|"
        "A credit of {0} {3}, {2} years, {1} percent, what is the monthly payment|"
        "Monthly payment for {2} years, {1} percent, {0} {3}, please",
        "{n}|{n}.40",
    ),
    Family(
        "create_user|add_user|new_account",
        "Create a user account with name, email, role and department|Add a user to the system|"
        "Open an account for somebody at work",
        (
            "name|full_name|person:name",
            "email|address|mail:email",
            "role|rights|type:=admin,editor,viewer,guest",
            "department|team|unit:~sales,marketing,finance,support,research,legal,design,production,purchasing,"
            "training,logistics,security",
        ),
        "Create a user {0} with the email {1}, role {2}, in {3}.|new user {0} {1} {2} {3}|"
        "{0} joins {3}; open an account as {2} with {1}|Add {0} from {3} to the system, {1}, as {2}|"
        "In {3} we have a new {2}, {0}, who uses {1}. Make an account.|"
        "Open a {2} account for {0}, email {1}, department {3}|"
        "{1} is the email of {0} in {3}; create this user as {2}|"
        "As {2}, add the user {0} of the department {3} with the address {1}|"
        "The department {3} needs an account for {0}. Role {2}, email {1}.|"
        "Please set up {0} ({1}) as {2} for {3}",
        "created|user {n}|ok",
    ),
    Family(
        "send_package_label|print_label|address_label",
        "Print an address label with name, city, country and weight|Make a label for a parcel|"
        "Create a shipping label at the office",
        ("name|recipient|to:name", "city|town|place:city", "country|land:" + COUNTRIES, "weight|grams|mass:int"),
        "Print a label for {0}, {1}, {2}, {3} grams.|label {0} {1} {2} {3} g|"
        "Make an address label, name {0}, city {1}, country {2}, weight {3} grams|"
        "A parcel of {3} grams goes to {0} in {1}, {2}. Print the label.|"
        "I send {3} grams to {2}, to {0} in {1}; make the label|"
        "The label should say {0}, {1}, {2} and {3} grams|"
        "{0} lives in {1} in {2}. I need a label for {3} grams.|"
        "For {3} grams, print a parcel label to {1}, {2}, for {0}|"
        "To {2}: a parcel label for {0} from {1}, weight {3}|Weight {3}, name {0}, {1} in {2}, label please",
        "printed|label {n}|ok",
    ),
    Family(
        "list_branches|git_branches|show_branches",
        "List the branches of the git repository|Show all git branches|Which branches exist",
        (),
        "Which branches are there?|git branch|List all git branches.|Show me the branches of this repository|"
        "What branches do we have?|I forgot the name of my branch. List them all.|All the branches, please|"
        "Are there any other branches in git?|Give me the names of the git branches|"
        "How many branches does the repository have?",
        "main and {w}|{n} branches|main",
    ),
    Family(
        "git_stash|stash_changes|put_changes_aside",
        "Put the uncommitted changes aside|Stash the work in git|Hide my changes for later",
        (),
        "Stash my changes.|git stash|Put my changes aside for later|"
        "I need a clean tree but do not want to commit. Stash it.|Set my uncommitted work aside|"
        "Please stash everything I edited|Hide the changes and keep them for another day|"
        "Save my unfinished edits away in git|Stash what I have in the working tree|"
        "Take my edits off the tree and keep them safe",
        "stashed|nothing to stash|ok",
    ),
    Family(
        "list_processes|show_processes|running_programs",
        "List the running processes|Show which programs run on this computer|Get all processes",
        (),
        "Which processes are running?|list processes|Show me all running programs.|"
        "What programs run on this computer?|I want to see what my computer is doing|"
        "The fan is loud. Which programs are running?|Give me the process list|"
        "Please list everything that runs here|Are there many processes running?|Show the running processes",
        "{n} processes|{w} and {w}|{w}",
    ),
    Family(
        "list_databases|show_databases|get_databases",
        "List all databases of the server|Show which databases exist|Names of the databases",
        (),
        "Which databases are there?|show databases|List all databases.|What are the names of our databases?|"
        "How many databases do we have?|Please show me every database|"
        "I look for the right database. List them.|Give me the list of databases|All database names, please|"
        "Are there any databases on this server?",
        "{n} databases|{w} and {w}|none",
    ),
    Family(
        "list_printers|show_printers|get_printers",
        "List the printers that can be used|Show which printers are there|Find a printer",
        (),
        "Which printers can I use?|list printers|Show me all printers.|Is there a printer near me?|"
        "What printers does the office have?|I have to print but know no printer. Show them.|"
        "Please list the printers of this network|Give me the names of the printers|All printers, please|"
        "How many printers are there?",
        "{w} and {w}|{n} printers|none",
    ),
    Family(
        "list_alerts|active_alerts|show_alarms",
        "List the active alerts of the monitoring|Show which alarms are on|What is broken at the moment",
        (),
        "Are there any alerts?|active alerts|Show me the alarms that are on|What does the monitoring say?|"
        "List all open alerts.|Is anything broken on our servers?|I am on duty. Which alerts are active?|"
        "Please show the warnings of the monitoring|Which alarms are there?|"
        "Do we have trouble with any server?",
        "{n} alerts|none|{w} is down",
    ),
    Family(
        "my_ip|public_ip|what_is_my_ip",
        "Tell the public IP address of this computer|Get my own address on the internet|Show my IP",
        (),
        "What is my IP address?|my ip|Show my public address.|Which address do I have on the internet?|"
        "Tell me my IP, please|I must give somebody my IP address. What is it?|"
        "Under which address does the web see me?|Give me the public IP of this computer|"
        "Find out my own internet address|How do other computers see my address?",
        "10.{n}.0.1|203.0.113.{n}",
    ),
    Family(
        "clear_completed_tasks|clean_todo_list|remove_done_tasks",
        "Remove all finished tasks from the to-do list|Clean up the task list|Throw away done to-dos",
        (),
        "Clear the finished tasks.|clean up my to-do list|Remove everything that is done from my list|"
        "My task list is full of old things. Clear the done ones.|Throw away all completed to-dos|"
        "Please tidy the task list|I only want to see open tasks, delete the finished ones|"
        "Take the done tasks off the list|Get rid of all tasks that are finished|"
        "Wipe the completed entries in my to-do list",
        "{n} removed|clean|nothing to remove",
    ),
]
