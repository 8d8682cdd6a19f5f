"""Tools of shops, money, offices, schools, media and machines: training side only."""

from tool_families import Family

FAMILIES = [
    Family(
        "search_products|find_product|product_search|shop_search",
        "Search the shop for a product|Find goods in the store catalogue|Look up products by keyword",
        (
            "product|query|item|keyword:~running shoes,winter coat,garden chair,electric kettle,desk lamp,yoga "
            "mat,toaster,backpack,rain jacket,wool scarf,frying pan,bicycle helmet,baby stroller,wall "
            "clock,bath towels,coffee grinder,sunglasses,leather belt,board game,phone case,hiking "
            "boots,bookshelf,hair dryer,tent,sleeping bag,vacuum cleaner,office chair,paint brushes,guitar "
            "strings,tea pot",
        ),
        "Search the shop for {0}|do you sell {0}?|I am looking for {0}|find me {0} in the store|{0}: what "
        "is there in the catalogue?|Please look up {0} among the products|My sister needs {0}, what do you "
        "have?|show products matching {0}|shopping for {0} today|Are there any {0} on offer in the "
        "shop?|browse {0}|I want to see every {0} that the store sells",
        "{n} products found|found {n} items|{w} for {n} euros",
    ),
    Family(
        "add_to_cart|put_in_basket|cart_add|add_item",
        "Add an item to the shopping cart|Put some pieces of a product into the basket",
        (
            "item|product|article:~apples,oranges,batteries,candles,notebooks,pencils,socks,light bulbs,wine "
            "glasses,plates,pillows,cushions,jars of honey,eggs,bread rolls,tins of soup,rolls of "
            "tape,envelopes,face masks,tomatoes,balloons,flower pots,bars of soap,sponges,tea "
            "bags,mugs,forks,towels,stickers,markers",
            "quantity|amount|count|pieces:small",
        ),
        "Add {1} {0} to my cart|put {1} {0} in the basket|I will take {0}, {1} of them|{1} {0} please, into "
        "the shopping cart|Drop {1} {0} into my basket|my cart should also hold {1} {0}|We need {0} for the "
        "party, so add {1} to the cart|cart: {0}, {1} pieces|Let me have {1} {0} in the trolley|I'd like "
        "{0}. Put {1} of them in my cart.|basket plus {1} {0}",
        "added|{n} items in the cart|ok",
    ),
    Family(
        "remove_from_cart|cart_remove|delete_from_basket",
        "Remove an item from the shopping cart|Take a product out of the basket",
        (
            "item|product|name:~blue shirt,red dress,coffee beans,olive oil,cheese,water "
            "bottle,umbrella,keyboard,mouse "
            "pad,headphones,wallet,gloves,sandals,tie,lipstick,shampoo,razor,toothbrush,hammer,drill,ladder,"
            "rug,mirror,blanket,vase,puzzle,doll,kite,football,skateboard",
        ),
        "Remove the {0} from my cart|take the {0} out of the basket|I no longer want the {0}, drop it from "
        "the cart|delete {0} from cart|The {0} is too dear, take it out of my basket|Without the {0} "
        "please, clear it from the cart|{0}: out of the basket|Get rid of the {0} in my shopping cart|I "
        "changed my mind about the {0}, it must leave the cart|please pull the {0} from my trolley",
        "removed|{n} items left|gone",
    ),
    Family(
        "view_cart|show_cart|get_basket|cart_contents",
        "Show what is in the shopping cart|List the contents of the basket",
        (),
        "What is in my cart?|show my basket|Let me see the shopping cart|list everything I have put in the "
        "basket so far|view cart|Please open my cart|Which things are waiting in my trolley?|I forgot what "
        "I put in the cart|my basket, what does it hold?|contents of the cart",
        "{n} items for {n} euros|a {w} and a {w}|empty",
    ),
    Family(
        "checkout|place_order|complete_purchase",
        "Check out and place the order|Pay for the cart and finish the purchase",
        ("payment|payment_method|method:=card,cash,invoice,voucher,transfer", "address|deliver_to|city:city"),
        "Check out with {0} and send it to {1}|place the order, {0} payment, delivery to {1}|I want to "
        "finish my purchase: pay by {0}, ship to {1}|send everything to {1}, I pay by {0}|To {1} please. I "
        "will pay by {0}.|complete the order for {1} using {0}|Buy what is in the cart by {0} and have it "
        "brought to {1}|my address is in {1}, pay with {0}, finish the order|{0} checkout, ship to "
        "{1}|Order it all to {1} and charge it by {0}",
        "order {n} placed|order number {n}|confirmed",
    ),
    Family(
        "apply_coupon|redeem_code|use_voucher|add_discount_code",
        "Apply a coupon code to the order|Redeem a discount code",
        ("code|coupon|voucher_code:word",),
        "Apply the coupon {0}|use code {0} at the till|I have a voucher, it says {0}|redeem {0}|My discount "
        "code is {0}|take money off with the coupon code {0}|{0} is the code on my coupon, use it|Please "
        "enter the voucher {0} for me|They mailed me the discount code {0} and I want to use it|does the "
        'promo code "{0}" lower my price? Use it.|coupon {0}',
        "{n} euros off|{n} percent discount|code accepted",
    ),
    Family(
        "track_order|order_status|where_is_my_order",
        "Get the status of an order|See where an order is by its number",
        ("order_id|order|order_number|id:int",),
        "Where is order {0}?|track order {0}|What is the status of my order {0}?|has order number {0} left "
        "yet?|I am still waiting for order {0}|order {0} status|Tell me how far order {0} is|My order "
        "number is {0}. When does it come?|{0} is my order, where has it got to?|Please check on order "
        "{0}|look up the state of order {0}",
        "on the way|packed|it is in {C}",
    ),
    Family(
        "cancel_order|order_cancel|revoke_order",
        "Cancel an order that was placed|Call off an order and stop the delivery",
        (
            "order_id|order|number:int",
            "reason|why:~ordered by mistake,found it cheaper,wrong size,too slow,wrong address,no longer "
            "needed,wrong color,ordered twice,too expensive,bought it elsewhere,changed my mind,wrong "
            "model,gift no longer needed,we moved away",
        ),
        "Cancel order {0}, reason: {1}|please call off order {0}, {1}|I want to cancel order {0} because of "
        "this: {1}|stop order {0} ({1})|{1}, so order {0} should be cancelled|Order {0} is no good to me. "
        'Reason: {1}. Cancel it.|annul order {0}: {1}|the reason is "{1}"; cancel order number {0}|cancel '
        "{0}, {1}",
        "order cancelled|done|refund of {n} euros",
    ),
    Family(
        "return_item|start_return|request_refund",
        "Start the return of an item|Send a bought product back and ask for a refund",
        (
            "item|product:~jacket,trousers,camera,printer,blender,watch,ring,lamp,carpet,curtains,boots,"
            "speaker,monitor,tablet,toy train,bed sheets,hat,suitcase,perfume,necklace",
            "reason|problem:~broken,too small,too large,scratched,too loud,the wrong color,dirty,torn,not as "
            "shown,late,missing parts,too heavy",
        ),
        "I want to return the {0}, it is {1}|the {0} is {1}, send it back|Return the {0} because it is "
        "{1}|start a return for a {0} that is {1}|My {0} arrived {1} and I want my money back|refund "
        "please: {0}, {1}|{1} is what is wrong with the {0}, so it goes back|Take back the {0}. It is "
        "{1}.|As the {0} is {1}, I wish to return it|give me a refund on the {0} ({1})",
        "return {n} opened|label sent|refund of {n} euros",
    ),
    Family(
        "compare_prices|price_comparison|cheapest_shop",
        "Compare the price of a product across shops|Find where a thing is cheapest",
        (
            "product|item:~washing machine,fridge,laptop,game console,tablet,smart watch,electric "
            "bike,dishwasher,oven,sofa,mattress,television,camera lens,microwave,lawn mower,sewing "
            "machine,piano,drone,air purifier,tennis racket,car seat,treadmill,freezer,heater,fan",
        ),
        "Where is a {0} cheapest?|compare prices for a {0}|Which shop has the lowest price on a {0}?|{0} "
        "price comparison|I want to buy a {0} but pay as little as possible, compare the shops|Find the "
        "cheapest {0}|how do shops differ in price for a {0}?|For a {0}, who asks the least?|Put the prices "
        "of a {0} from all shops side by side|best price on a {0}?|My {0} broke and I need a cheap one, "
        "compare offers",
        "{n} euros at {w}|cheapest is {w} with {n} euros",
    ),
    Family(
        "check_stock|in_stock|product_availability",
        "Check whether a product is in stock in a size|See if the shop has a product in a given size",
        (
            "product|item:~t-shirt,jeans,sweater,hoodie,raincoat,shorts,skirt,vest,pyjamas,swimsuit,blouse,"
            "cardigan,bathrobe,tracksuit,parka,polo shirt,leggings,apron",
            "size:=XS,S,M,L,XL",
        ),
        "Is the {0} in stock in {1}?|do you have the {0} in size {1}|{0}, size {1}, available?|I wear {1}. "
        "Is there a {0} left?|check stock for {0} in {1}|In size {1}, is the {0} still there?|How many of "
        "the {0} are left in {1}|See if a {1} {0} is on the shelf|size {1} of the {0}: in stock or not?|My "
        "son takes {1} and wants the {0}, have you got it?",
        "{n} left|in stock|sold out",
    ),
    Family(
        "create_price_alert|watch_price|price_alert",
        "Tell me when a product falls below a price|Set an alert on the price of a product",
        (
            "product|item:~winter tyres,coffee machine,gold earrings,travel bag,walking shoes,headset,graphics "
            "card,dining table,rowing machine,kayak,electric guitar,telescope,ski "
            "boots,wardrobe,hammock,barbecue grill,juicer,keyboard stand,snowboard,bathroom scale",
            "price|below|limit:number",
        ),
        "Tell me when the {0} costs less than {1}|price alert: {0} below {1}|watch the price of the {0} and "
        "warn me under {1}|I would buy the {0} for {1}, let me know when it gets there|As soon as the {0} "
        "is under {1}, write to me|set an alert at {1} for the {0}|Below {1} I will buy the {0}, keep an "
        "eye on it|{0}, alert at {1}|The {0} is too dear. Notify me when it drops to {1}.",
        "alert set|watching it|ok",
    ),
    Family(
        "write_review|review_product|submit_review",
        "Write a review of a product with stars|Rate a bought product and leave a comment",
        (
            "product|item:~vacuum robot,rice cooker,gaming chair,bluetooth speaker,garden hose,electric "
            "razor,air fryer,cotton sheets,phone charger,steam iron,hand cream,bike lock,pressure cooker,desk "
            "fan,bread maker",
            "stars|rating:=1,2,3,4,5",
            "text|comment:~works well,broke after a week,great value,very quiet,smells odd,looks nice,would "
            "buy again,arrived late,easy to clean,too noisy,hard to put together,lasts long,not worth it,my "
            "kids love it,does what it should",
        ),
        'Review the {0}: {1} stars, "{2}"|give the {0} {1} stars and write {2}|I rate the {0} {1} stars, '
        'comment: {2}|{1} stars for the {0}, with the words "{2}"|my view of the {0} is {2}, that makes '
        '{1} stars|post a review saying {2} for the {0} ({1} stars)|"{2}" - {1} stars, that goes to the '
        "{0}|Leave {1} stars on the {0} and the note {2}|the {0} gets {1} stars from me. Text: {2}.",
        "review posted|thanks|saved",
    ),
    Family(
        "track_parcel|track_package|parcel_status|shipment_tracking",
        "Track a parcel by its tracking code|Find out where a package is",
        ("tracking_code|code|tracking_number|parcel_id:word",),
        "Where is parcel {0}?|track package {0}|My tracking code is {0}, where is it?|{0}: has this parcel "
        "arrived?|follow the shipment {0}|Any news about the package {0}|I expect a parcel with code {0}. "
        "Where is it?|look up tracking number {0}|The label says {0}; tell me where that package is|parcel "
        "{0} status please|How far along is the package with the code {0}?",
        "in {C}|delivered at {h}|out for delivery",
    ),
    Family(
        "schedule_delivery|set_delivery_slot|delivery_time",
        "Choose the day and time of a delivery|Book a delivery slot",
        ("date|day|on:date", "time|hour|at:time"),
        "Deliver it on {0} at {1}|delivery slot {0}, {1}|I am home on {0} at {1}, bring the parcel then|at "
        "{1} on {0} the driver may come|book the delivery for {1}, date {0}|On {0} please, and not before "
        "{1}|Have my order brought on {0}; {1} suits me|bring it {0} {1}|the best time for the delivery is "
        "{1} on {0}|I want my parcel on {0}, let us say {1}",
        "slot booked|driver {w}|ok",
    ),
    Family(
        "shipping_cost|delivery_fee|postage|calculate_shipping",
        "Work out the cost of shipping a parcel|Find the postage for a weight and a place",
        ("weight|kilos|weight_kg:number", "destination|to|city:city"),
        "What does it cost to ship {0} kilos to {1}?|postage for {0} kg to {1}|how much to send a parcel of "
        "{0} kilos to {1}|To {1}, {0} kg: what is the fee?|I have a box of {0} kilos for my aunt in {1}. "
        "Price?|shipping {1} {0} kg|My package weighs {0} kilos and goes to {1}, what will I pay?|work out "
        "the delivery fee to {1} at {0} kg|{0} kilos from here to {1} by post, how dear is that?|price of "
        "posting {0} kg to {1} please",
        "{n} euros|{n}",
    ),
    Family(
        "account_balance|get_balance|bank_balance|check_balance",
        "Get the balance of a bank account|How much money is in an account",
        ("account|account_type|which:=savings,checking,joint,business",),
        "What is the balance of my {0} account?|how much is in {0}|{0} balance|Tell me how much money I "
        "have in the {0} account|I need to know what is left on my {0} account|is there anything in my {0} "
        "account?|show the {0} account's balance|Before I pay rent, look at the balance of the {0} "
        "account|My {0} account: how much?|check {0} account",
        "{n} euros|{n}.50|minus {n}",
    ),
    Family(
        "transfer_money|bank_transfer|send_money|wire",
        "Transfer money to a person|Send an amount to someone from my bank account",
        ("amount|sum:number", "recipient|to|payee:person", "currency|unit:currency"),
        "Transfer {0} {2} to {1}|send {1} {0} {2}|I owe {1} {0} {2}, send it|wire {0} {2} to {1}|{1} should "
        "get {0} {2} from me|Pay {1} the sum of {0} {2}|to {1}: {0} {2}|Please move {0} {2} from my account "
        "to {1}|Let {1} have {0} {2}, I promised it|{0} {2} to {1} by bank transfer|My friend {1} lent me "
        "{0} {2}. Send it back.",
        "sent|transfer {n} done|ok",
    ),
    Family(
        "list_transactions|recent_payments|account_history|bank_statement",
        "List the payments on an account since a date|Show the bank statement from a day on",
        ("since|from_date|start:date",),
        "Show my payments since {0}|list transactions from {0}|What have I spent since {0}?|bank statement "
        "from {0} on|since {0}, which payments went out?|I want the account history starting {0}|{0} until "
        "today, all transactions|print every booking on my account after {0}|My tax office wants the "
        "transactions from {0} onwards|account movements since {0} please",
        "{n} payments|{n} euros to {w}|none",
    ),
    Family(
        "freeze_card|block_card|lock_bank_card",
        "Block a bank card that is lost|Freeze a credit card by its last digits",
        ("last_digits|card|card_number|digits:int", "reason:=lost,stolen,damaged,fraud"),
        "Block card {0}, it is {1}|freeze my card ending in {0}, reason {1}|my card {0} is {1}|card {0} "
        "{1}, lock it|Reason {1}: block the bank card {0}|Help, card {0}! Mark it {1} and freeze it.|I "
        "think it is {1}, so lock the card that ends in {0}|the card with the digits {0} must be stopped, "
        "{1}|put a block on {0} because of this: {1}",
        "card blocked|frozen at {h}|done",
    ),
    Family(
        "pay_bill|settle_invoice|pay_invoice",
        "Pay a bill|Settle an invoice from a company",
        (
            "company|biller|to:~the power company,the water works,the phone company,the dentist,the "
            "landlord,the gas company,the gardener,the school,the plumber,the garage,the gym,the tax "
            "office,the internet provider,the insurance,the library,the vet,the cleaner,the hotel,the piano "
            "teacher",
            "amount|sum:number",
        ),
        "Pay {0} {1} euros|pay the bill of {1} from {0}|settle {0}'s invoice over {1} euros|I got a bill "
        "from {0}, it says {1}, pay it|{1} euros are due to {0}|bill: {0}, {1}|To {0} I must pay {1}, "
        "please do so|Send {1} to {0} for the last invoice|the invoice from {0} is due. It comes to "
        "{1}.|clear what I owe {0}, that is {1} euros",
        "paid|payment {n}|ok",
    ),
    Family(
        "set_budget|budget_limit|monthly_budget",
        "Set a monthly budget for a kind of spending|Limit what I spend on a category",
        (
            "category|for|kind:~groceries,clothes,eating "
            "out,fuel,hobbies,presents,books,sports,travel,rent,heating,medicine,toys,furniture,coffee,pets,"
            "taxis,haircuts,games,repairs",
            "amount|limit|max:number",
        ),
        "Set my budget for {0} to {1}|no more than {1} a month on {0}|I want to spend at most {1} on "
        "{0}|{0} budget {1}|Limit {0} to {1} euros each month|Each month {1} for {0}, not more|My spending "
        "on {0} is too high, cap it at {1}|let {1} be the monthly limit for {0}|put {1} euros aside for {0} "
        "every month|budget of {1}: {0}",
        "budget set|saved|{n} left",
    ),
    Family(
        "record_expense|log_expense|add_spending|track_expense",
        "Record an expense|Write down money that was spent on something",
        (
            "amount|sum|cost:number",
            "category|for|spent_on:~lunch,a train ticket,parking,a haircut,stamps,flowers,petrol,a book,a "
            "taxi,cinema,snacks,shoes,medicine,a gift,laundry,a newspaper,ice cream,a phone card,paint,printer "
            "ink,bus fare,breakfast",
        ),
        "I spent {0} on {1}|record an expense of {0} for {1}|{1} cost me {0}|log {0} euros, {1}|Write down "
        "that I paid {0} for {1}|expense: {1}, {0}|{0} went on {1} today|Note {1} for {0} in my "
        "spending|Please book {0} under expenses, it was {1}|paid {0} euros for {1}, keep track of it",
        "noted|{n} euros this month|saved",
    ),
    Family(
        "convert_currency|exchange_money|currency_converter",
        "Convert an amount from one currency to another|Exchange money between currencies",
        ("amount|value|sum:number", "from|source|from_currency:currency", "to|target|to_currency:currency"),
        "Convert {0} {1} to {2}|how much is {0} {1} in {2}?|{0} {1} in {2}|What do I get in {2} for {0} "
        "{1}|change {0} {1} into {2}|I have {0} {1} and need {2}, how much is that?|In {2}, what is {0} {1} "
        "worth?|exchange {0} {1} for {2}|The hotel asks {0} {1}. Tell me that in {2}.|from {1} to {2}: {0}",
        "{n}.20|{n}",
    ),
    Family(
        "exchange_rate|currency_rate|get_rate",
        "Get the exchange rate between two currencies|The rate from one currency to another",
        ("base|from:currency", "quote|to|target:currency"),
        "What is the exchange rate from {0} to {1}?|rate {0} {1}|How does {0} stand against {1} today?|I "
        "need the rate of {0} to {1}|{0} versus {1}, current rate|give me the {0} to {1} exchange rate|Tell "
        "me how many {1} one unit of {0} buys|Has the rate of {0} against {1} moved? Show it.|show the rate "
        "between {0} and {1}",
        "1.{n}|0.{n}",
    ),
    Family(
        "loan_payment|calculate_loan|mortgage_calculator|monthly_rate",
        "Work out the monthly payment of a loan|Calculate what a loan costs each month",
        ("amount|principal|sum:number", "interest|rate|percent:small", "years|term:small"),
        "What is the monthly payment on a loan of {0} at {1} percent over {2} years?|loan of {0}, {1} "
        "percent, {2} years|I borrow {0} for {2} years at {1} percent, what do I pay each month?|mortgage: "
        "{0} at {1} % for {2} years|With {1} percent interest and {2} years, what does {0} cost per "
        "month?|For {2} years I need {0}; the bank asks {1} percent. Monthly rate?|work out a {2} year loan "
        "of {0} with interest of {1} percent|how much per month if I owe {0} at {1} percent, paid off in "
        "{2} years|{2} years, {1} percent, {0} euros: monthly payment",
        "{n} euros a month|{n}.40",
    ),
    Family(
        "savings_growth|compound_interest|future_value",
        "Work out what savings grow to with interest|Compute the future value of money put aside",
        ("start|amount|deposit:number", "rate|interest|percent:small", "years|period:small"),
        "What will {0} euros become in {2} years at {1} percent?|savings {0}, {1} percent, {2} years|I put "
        "{0} in the bank at {1} percent. What do I have after {2} years?|After {2} years at {1} percent, "
        "how much is {0}?|grow {0} by {1} percent a year for {2} years|at {1} percent interest, {0} over "
        "{2} years becomes what?|If I leave {0} alone for {2} years and get {1} percent each year, what is "
        "it then?|Compute the future value of {0}: rate {1}, years {2}|let {0} earn {1} percent for {2} "
        "years",
        "{n} euros|{n}",
    ),
    Family(
        "split_bill|divide_cost|share_bill",
        "Split a bill between people|Divide a sum evenly",
        ("total|amount|bill:number", "people|persons|count:small"),
        "Split {0} between {1} people|we are {1} and the bill is {0}|divide {0} euros by {1} friends|The "
        "dinner cost {0}. There were {1} of us. Who pays what?|{1} people share {0}|What does each of {1} "
        "people pay if the bill is {0}?|{0} for {1} persons, how much each|share a cost of {0} among "
        "{1}|each one's part of {0} when {1} pay|With {1} guests at the table and {0} on the bill, what is "
        "one share?",
        "{n} each|{n}.25",
    ),
    Family(
        "stock_price|get_stock|share_price|quote",
        "Get the price of a stock|How much a share of a company costs",
        (
            "symbol|company|ticker|stock:~Apple,Tesla,Nokia,Siemens,Volvo,Toyota,Nestle,Intel,Sony,Shell,"
            "Boeing,Netflix,Disney,Adidas,Ford,Samsung,Philips,Bayer,Ikon "
            "Steel,Airbus,Pfizer,Visa,Nike,Canon,Lego Group,Nintendo,Danone,Renault,Puma,Ericsson",
        ),
        "What is the stock price of {0}?|{0} share price|how much is one share of {0}|Is {0} up today? Get "
        "the price.|quote for {0}|I own shares in {0}, what are they worth now?|Tell me what {0} trades "
        "at|price of {0} stock please|At what price do {0} shares stand|Look up {0} on the stock market|my "
        "father wants to know how {0} stock is doing",
        "{n}.30|{n} dollars|up to {n}",
    ),
    Family(
        "buy_shares|buy_stock|order_shares",
        "Buy shares of a company|Place an order to buy a number of stocks",
        (
            "company|stock|symbol:~Microsoft,Amazon,Google,BMW,Spotify,Unilever,Honda,Mattel,Heineken,Pepsi,"
            "Hitachi,Panasonic,Michelin,Roche,Novartis,Allianz,Carlsberg,Fiat,Hermes,Lufthansa,Ryanair,Vestas,"
            "Equinor,Kone,Orkla",
            "shares|count|quantity:small",
        ),
        "Buy {1} shares of {0}|I want {1} {0} shares|order {1} stocks of {0}|get me {0}, {1} shares|{0} "
        "looks cheap, buy {1}|purchase {1} pieces of {0} stock|Put {1} shares of {0} into my account|Invest "
        "in {0}: {1} shares|for my daughter, buy {1} shares in {0}|buy order {0} {1}|{1} times {0} for my "
        "portfolio, buy them",
        "bought at {n}|order {n} placed",
    ),
    Family(
        "sell_shares|sell_stock|dispose_shares",
        "Sell shares of a company|Place an order to sell stocks that I own",
        (
            "company|stock|symbol:~Oracle,Mercedes,Kodak,Xerox,Cisco,Hilton,Marriott,Kellogg,Colgate,Gillette,"
            "Bosch,Yamaha,Suzuki,Mazda,Olympus,Fuji,Lenovo,Dell,Uber,Zara,Ferrari,Rolex,Zeiss,Electrolux,Telia",
            "shares|count|quantity:small",
            "price|limit|min_price:number",
        ),
        "Sell {1} shares of {0} at {2}|sell {1} {0} for at least {2}|I want to get rid of {1} {0} shares, "
        "not below {2}|{0}: sell {1} at {2}|limit {2}, sell {1} of my {0} shares|When {0} reaches {2}, sell "
        "{1} shares|My {1} shares of {0} should go for {2} each|at a price of {2} part with {1} stocks of "
        "{0}|sell order, {1} {0}, price {2}",
        "sold|order {n}|waiting",
    ),
    Family(
        "crypto_price|coin_price|get_crypto",
        "Get the price of a crypto coin in a currency|How much a digital coin is worth",
        (
            "coin|crypto|token:~Bitcoin,Ethereum,Litecoin,Dogecoin,Cardano,Solana,Monero,Ripple,Polkadot,"
            "Stellar,Tezos,Avalanche,Chainlink,Tron,Dash,Zcash",
            "currency|in:currency",
        ),
        "What is {0} worth in {1}?|{0} price in {1}|how many {1} for one {0}|In {1}, how much is a "
        "{0}?|price of one {0} coin, shown in {1}|I bought {0} last year; what does it cost in {1} "
        "today?|give me {0} in {1}|convert the value of a single {0} to {1}|Tell me the rate of {0} against "
        "{1}|Has {0} gone up? Show it in {1}.",
        "{n}|{n}.10",
    ),
    Family(
        "portfolio_value|my_investments|show_portfolio",
        "Show the value of my investments|What all my shares are worth together",
        (),
        "What is my portfolio worth?|show my investments|How are my shares doing all together?|value of "
        "everything I have invested|portfolio please|Tell me how much my stocks are worth in all|Did I win "
        "or lose money with my investments?|my holdings|Let me see the depot as a whole|sum up all that I "
        "hold on the stock market",
        "{n} euros|up {n} euros|down {n}",
    ),
    Family(
        "market_news|stock_market_summary|market_report",
        "Get a summary of the stock market today|How the market is doing",
        (),
        "How is the stock market today?|market summary|Did the market go up or down today?|give me the news "
        "from the stock exchange|What are the markets doing|I want a short report on today's market|stock "
        "market report please|Is it a good day on the exchange?|Tell me how trading went|sum up the day on "
        "the market",
        "up {n} points|down {n} points|quiet",
    ),
    Family(
        "insurance_quote|get_insurance_price|quote_policy",
        "Get a price for an insurance|What insuring something would cost",
        ("kind|type|cover:=car,house,travel,life,pet,bike", "age|my_age:small"),
        "What does {0} insurance cost at age {1}?|quote for {0} insurance, I am {1}|I am {1} years old and "
        "need {0} insurance|{0} insurance for someone aged {1}, price?|At {1}, what would I pay to have {0} "
        "cover|give me a price: {0}, age {1}|My uncle is {1} and wants {0} insurance|insure me, {0} policy, "
        "{1} years old|how dear is a {0} policy if you are {1}",
        "{n} euros a year|{n} a month",
    ),
    Family(
        "file_claim|report_damage|insurance_claim",
        "File an insurance claim|Report damage to the insurance",
        (
            "damage|what|event:~a broken window,a stolen bike,a flooded cellar,a burnt carpet,a dented door,a "
            "lost suitcase,a cracked screen,a fallen tree,a leaking roof,a car crash,a smashed mirror,a dog "
            "bite,a kitchen fire,hail on the car,a broken fence,a stolen camera,a frozen pipe,a scratched car",
            "date|when|day:date",
            "amount|cost:number",
        ),
        "File a claim for {0} on {1}, damage {2} euros|report {0}, {1}, {2}|I had {0} on {1} and it costs "
        "{2}|on {1} there was {0}; the loss is {2} euros|claim {2} for {0} that happened on {1}|My "
        "insurance should pay {2} for {0} of {1}|{0}: date {1}, cost {2}|It was {1}. We found {0}. Repair "
        "costs {2}.|the damage of {2} euros was {0}, dated {1}",
        "claim {n} opened|received|under review",
    ),
    Family(
        "policy_details|show_policy|look_up_policy",
        "Show the details of an insurance policy by number|What an insurance contract covers",
        ("policy_number|policy|contract:word",),
        "What does policy {0} cover?|show policy {0}|details of insurance contract {0}|I have the policy "
        "number {0}, what is in it?|{0} is my policy, tell me about it|Look up the insurance policy "
        "{0}|until when does my policy {0} run?|policy {0}: what am I insured against?|My paper says {0}; "
        "open that insurance contract|please read me insurance policy {0}",
        "valid until 2031|covers fire|{n} euros a year",
    ),
    Family(
        "find_customer|lookup_customer|get_customer|customer_search",
        "Look up a customer by name|Find a customer's record",
        ("name|customer|full_name:person",),
        "Find the customer {0}|look up {0} in our customers|customer record of {0}|Is {0} a customer of "
        "ours?|{0} is on the phone, open the customer file|I need the details of our customer {0}|pull up "
        "{0}|What do we know about the customer {0}?|show me {0}'s customer page|a client called {0} wrote, "
        "find the record|search customers: {0}",
        "customer {n}|in {C} since 2019|{w}",
    ),
    Family(
        "add_customer|create_customer|new_client|register_customer",
        "Add a new customer with name, email and city|Create a customer record",
        ("name|customer|full_name:person", "email|mail:email", "city|town:city"),
        "Add the customer {0}, {1}, from {2}|new customer {0} in {2}, mail {1}|create a record: {0}, {1}, "
        "{2}|{0} of {2} wants to be a customer, the address is {1}|We have a new client in {2}, {0}. Write "
        "to {1}.|register {0} ({1}), city {2}|put {0} from {2} on the customer list with {1}|the e-mail {1} "
        "belongs to a new customer, {0} of {2}|Please enter {0} as a client; {1}; lives in {2}|customer "
        "entry: city {2}, name {0}, e-mail {1}",
        "customer {n} created|saved|ok",
    ),
    Family(
        "create_ticket|open_ticket|new_support_ticket|report_issue",
        "Open a support ticket with a priority|Report a problem to the support team",
        (
            "subject|title|problem:~printer is jammed,screen stays black,login fails,page loads slowly,sound "
            "is missing,invoice is wrong,app crashes at start,password was refused,keyboard keys stick,files "
            "have vanished,wifi drops out,mail does not arrive,the update hangs,video has no picture,battery "
            "drains fast,the scanner is blurry,the phone line is dead,the menu is empty,payment was "
            "refused,photos do not load",
            "priority|urgency:=low,normal,high,urgent",
        ),
        'Open a ticket: {0}, priority {1}|{0}, please report it as {1}|new support ticket "{0}" ({1})|My '
        "problem: {0}. It is {1}.|make a {1} ticket saying {0}|support must know that {0}, priority {1}|As "
        "{0}, I need a ticket with {1} priority|file an issue of {1} urgency: {0}|{1} priority - {0} - tell "
        "support|I can't work because {0}; open a {1} ticket",
        "ticket {n}|opened ticket {n}|sent",
    ),
    Family(
        "close_ticket|resolve_ticket|ticket_close",
        "Close a support ticket with a note|Mark a support case as solved",
        (
            "ticket_id|ticket|number:int",
            "note|solution|resolution:~restarted the router,sent a new cable,reset the password,replaced the "
            "battery,gave a refund,updated the driver,cleaned the printer,changed the settings,restored the "
            "files,called the customer,fixed the typo,freed some disk space,swapped the screen,sent the manual",
        ),
        'Close ticket {0}: {1}|ticket {0} is solved, we {1}|mark {0} as done with the note "{1}"|I {1}, '
        "so ticket {0} can be closed|resolve ticket {0}. Note: {1}.|We {1}. That settles ticket {0}.|close "
        "{0}, {1}|{1} was the answer to ticket {0}, shut it|the case {0} is over since I {1}|support case "
        "{0} solved; solution {1}",
        "closed|ticket closed|{n} tickets left",
    ),
    Family(
        "list_open_tickets|open_tickets|pending_cases",
        "List the support tickets that are still open|Show the waiting support cases",
        (),
        "Which tickets are open?|show open tickets|list all support cases that wait for an answer|How many "
        "tickets are still to be solved?|What is in the support queue|open cases please|Let me see the "
        "tickets nobody has closed|are any customers still waiting for support?|my team needs the list of "
        "unsolved tickets|support queue",
        "{n} tickets|tickets {n} and {n}|none",
    ),
    Family(
        "assign_ticket|give_ticket_to|ticket_owner",
        "Assign a support ticket to a colleague|Hand a support case to someone",
        ("ticket_id|ticket|case:int", "agent|assignee|to:name"),
        "Assign ticket {0} to {1}|give {1} the ticket {0}|{1} should take ticket {0}|ticket {0} is for "
        "{1}|let {1} handle case {0}|hand case {0} over to {1}|Ticket {0} needs an expert. Pass it to "
        "{1}.|{1} has time, so put ticket {0} there|make {1} the owner of ticket {0}|{0} -> {1}, assign "
        "this ticket",
        "assigned|ok|{n} tickets each",
    ),
    Family(
        "request_leave|request_vacation|ask_for_time_off|book_holiday_leave",
        "Ask for days off work|Request leave from a day to another day",
        ("from|start|first_day:date", "to|end|last_day:date"),
        "I want to take leave from {0} to {1}|vacation {0} until {1}|request time off starting {0} and "
        "ending {1}|I will be away from work between {0} and {1}|My last day off is {1}, the first is {0}, "
        "ask for leave|leave request, {0} - {1}|Please book my holiday from work, {0} to {1}|until {1} I "
        "need to be off, beginning {0}|days off: {0} through {1}|My children have no school from {0} to "
        "{1}, so ask my boss for leave",
        "request sent|{n} days left|approved",
    ),
    Family(
        "vacation_days_left|leave_balance|remaining_leave",
        "See how many vacation days are left for an employee|Get the leave balance of a worker",
        ("employee|name|worker:person",),
        "How many vacation days does {0} have left?|leave balance of {0}|days off left for {0}|{0} wants a "
        "holiday; are there any days left?|Tell me the remaining leave of {0}|Has {0} used up all the "
        "vacation days?|remaining vacation, {0}|I plan the summer and need to know {0}'s leave days|check "
        "how much leave {0} still has|of the yearly leave, what is left to {0}?",
        "{n} days|{n}",
    ),
    Family(
        "report_sick|call_in_sick|sick_note",
        "Report an employee as sick until a day|Tell the office that someone is ill",
        ("employee|name|who:person", "until|end|till:date"),
        "{0} is sick until {1}|report {0} ill till {1}|call in sick for {0}, back after {1}|until {1} {0} "
        "has to stay in bed, tell the office|sick note: {0}, {1}|The doctor wrote {0} a sick note that ends "
        "on {1}|{0} has the flu and cannot work before {1}|Please enter sick leave for {0}, last day {1}|Up "
        "to {1} we must do without {0}, who is ill|mark {0} as sick through {1}",
        "noted|ok|boss informed",
    ),
    Family(
        "hire_employee|add_employee|new_staff_member|onboard",
        "Add a new employee with job and start date|Enter a new worker in the staff list",
        (
            "name|employee|full_name:person",
            "role|position|job:~cook,driver,nurse,welder,baker,clerk,teacher,painter,guard,cleaner,carpenter,"
            "designer,engineer,secretary,cashier,waiter,mechanic,translator,tester,gardener,electrician,"
            "manager,receptionist,chemist",
            "start_date|from|first_day:date",
        ),
        "Hire {0} as {1} from {2}|new employee: {0}, {1}, starts {2}|add {0} to the staff, job {1}, first "
        "day {2}|{0} begins on {2} as our {1}|On {2} a new {1} joins us, {0}|put {0} on the staff list "
        "({1}, {2})|We found a {1}! {0} starts on {2}.|as {1} we take {0}, beginning {2}|Enter the {1} {0} "
        "with the start date {2}|starting {2}, {0} works here as {1}",
        "employee {n}|welcome mail sent|saved",
    ),
    Family(
        "get_salary|salary_of|pay_lookup",
        "Get the salary of an employee|What an employee earns",
        ("employee|name|person:person",),
        "What does {0} earn?|salary of {0}|how much do we pay {0}|{0}'s monthly pay, please|I have to check "
        "the wage of {0}|Look up what {0} gets paid|pay: {0}|Is {0} paid well? Show the salary.|tell me "
        "{0}'s wages|For the tax form I need to know the earnings of {0}",
        "{n} euros a month|{n}0 euros|{n}",
    ),
    Family(
        "log_work_hours|record_hours|timesheet_entry|track_time",
        "Record hours worked on a project|Enter working time in the timesheet",
        (
            "hours|time_spent|duration:number",
            "project|on|task:~the new bridge,the website,the yearly report,the garden show,the school roof,the "
            "map app,the sales plan,the city museum,the wind park,the kitchen line,the catalogue,the night "
            "shift,the data move,the poster,the client visit,the test bench,the training day,the window frames",
        ),
        "I worked {0} hours on {1}|log {0} hours for {1}|{1}: {0} hours|timesheet, {0} h, {1}|Put {0} hours "
        "down for {1}|{0} hours went into {1} today|My time on {1} was {0} hours, enter it|record that {1} "
        "took me {0} hours|today I spent {0} hours with {1}|For {1} please write {0} hours in my timesheet",
        "saved|{n} hours this week|ok",
    ),
    Family(
        "give_raise|increase_salary|pay_rise",
        "Raise the salary of an employee by percent|Give someone a pay rise",
        ("employee|who|name:person", "percent|by|increase:small"),
        "Give {0} a raise of {1} percent|raise {0}'s pay by {1} percent|{0} earns {1} percent more from "
        "today|pay rise for {0}: {1} %|{1} percent more for {0}|{0} did well this year, increase the salary "
        "by {1} percent|increase the wages of {0} by {1}|A rise of {1} percent goes to {0}|I promised {0} "
        "{1} percent more pay|salary up {1} percent, employee {0}",
        "done|new pay {n}0 euros|saved",
    ),
    Family(
        "enroll_course|join_course|sign_up_for_class|course_enrollment",
        "Enroll a student in a course|Sign someone up for a class",
        (
            "student|name|learner:person",
            "course|class|subject:~basic cooking,Spanish for beginners,first aid,pottery,oil painting,web "
            "design,public speaking,bookkeeping,swimming,chess,creative "
            "writing,guitar,yoga,knitting,typing,algebra,world history,robotics,ballet,photography,German "
            "grammar,gardening,astronomy,bird watching",
        ),
        "Enroll {0} in {1}|sign {0} up for {1}|{0} wants to take {1}|course {1}, student {0}|put {0} on the "
        "list for the {1} class|In {1} there is a place for {0}, take it|{0} would love to learn {1}. "
        'Please enroll.|register {0} for the course "{1}"|the {1} course should have {0} in it|add {0} to '
        "{1} classes",
        "enrolled|{n} places left|on the list",
    ),
    Family(
        "drop_course|leave_course|unenroll",
        "Leave a course|Take me out of a class",
        (
            "course|class|name:~Latin,statistics,biology,chemistry,drama,music "
            "theory,economics,geometry,philosophy,physics,sculpture,woodwork,French,Italian,geology,law,"
            "marketing,nutrition,sewing,judo,fencing,choir,film studies,sociology,Greek",
        ),
        "Drop {0}|I want to leave the {0} course|take me out of {0}|unenroll me from {0}|{0} is too hard "
        "for me, I want out of the class|I have no time for {0} any more, cancel my place in the course|my "
        "place in {0} can go to someone else|sign me off from the class in {0}|no more {0} lessons, strike "
        "me off the list|Please end my part in {0}",
        "left|place freed|ok",
    ),
    Family(
        "record_grade|enter_grade|add_mark|set_grade",
        "Record the grade of a student in a subject|Enter a mark for a pupil",
        (
            "student|pupil|name:person",
            "subject|course:~math,art,geography,history,reading,writing,science,sport,music,English,religion,"
            "handicraft,computing,spelling,drawing",
            "grade|mark:=A,B,C,D,E",
        ),
        "{0} gets a {2} in {1}|enter grade {2} for {0} in {1}|{1}: {0}, mark {2}|give {0} {2} in {1}|In "
        "{1}, {0} earned a {2}|A mark of {2} goes to {0} for {1}|record that {0} has {2} in {1}|write down "
        "{2} as the {1} grade of {0}|the {1} test of {0} was worth a {2}|{0} wrote the {1} exam. Grade {2}.",
        "saved|average {n}|entered",
    ),
    Family(
        "get_grades|show_grades|report_card",
        "Show the grades of a student|Get the report card of a pupil",
        ("student|pupil|name:person",),
        "Show the grades of {0}|report card for {0}|How is {0} doing at school? Show the marks.|which marks "
        "does {0} have?|{0}'s grades|I am the parent of {0} and want to see the report card|list every "
        "grade {0} got|Let me see how {0} was marked|grades: {0}|what did {0} get in all subjects",
        "A in art|B and C|{n} marks",
    ),
    Family(
        "class_schedule|timetable|get_lessons|school_timetable",
        "Show the lessons on a weekday|Get the school timetable of a day",
        ("day|weekday:=Monday,Tuesday,Wednesday,Thursday,Friday",),
        "Which lessons are there on {0}?|timetable for {0}|what classes do I have {0}|{0} lessons|Show the "
        "school timetable of {0}|I pack my bag for {0}, what do we have?|On {0}, what is taught?|When is "
        "school out on {0}? Show the lessons.|my {0} schedule at school|tell me about the lessons of {0}",
        "math and art|{n} lessons from {h}|free",
    ),
    Family(
        "add_homework|assign_homework|homework_task",
        "Add homework in a subject with a due date|Write down a school task",
        (
            "subject|course|in:~maths,biology,French,German,chemistry,history,physics,art,music,Latin,poetry,geography",
            "task|work|what:~read chapter two,draw a map,learn ten words,write a poem,solve the sums,build a "
            "model,watch the film,answer the questions,bring a leaf,practise the song,copy the table,prepare a "
            "talk,interview a neighbour,measure the room",
            "due|by|until:date",
        ),
        "Homework in {0}: {1} by {2}|{0}, {1}, due {2}|we must {1} for {0} until {2}|by {2} I have to {1} "
        'for {0}|add the {0} homework "{1}", due {2}|for {0} class: {1}. Date {2}.|Our {0} teacher wants '
        "us to {1}, and it is due {2}|until {2}: {1} ({0})|Note that on {2} I need to have done this for "
        "{0}: {1}|put down {1} as homework for {0}, hand in {2}",
        "noted|{n} tasks open|saved",
    ),
    Family(
        "search_library|find_book|book_search|library_catalog",
        "Search the library for a book|Look for a title in the library catalogue",
        (
            "title|book|query:~The Silent Sea,A Winter Apart,Gardens of Stone,The Last Lamp,Bread and "
            "Roses,Under the Bridge,The Clockmaker,Seven Small Boats,Letters Home,The Green Door,A Fox at "
            "Night,Moon over Mill Street,The Lost Key,Rain on Tin,The Painter's Son,North of Here,Salt and "
            "Honey,The Old Road,Birds of the Coast,A House of Cards",
        ),
        'Do you have the book {0}?|search the library for {0}|find "{0}" in the catalogue|{0}, is it in '
        "the library?|I want to read {0}, where does it stand?|look up {0} among the books|My teacher told "
        'us to read {0}. Is it on your shelves?|library: {0}|Where do I find the book "{0}"|does the '
        "catalogue list {0}|book search {0}",
        "on shelf {n}|lent out|{n} copies",
    ),
    Family(
        "borrow_book|check_out_book|lend_book",
        "Lend a library book to a reader|Check a book out on a reader's name",
        (
            "book|title:~Treasure Island,Moby Dick,Heidi,Robinson Crusoe,Peter Pan,Dracula,Emma,Ivanhoe,Oliver "
            "Twist,Pinocchio,Black Beauty,Little Women,The Jungle Book,Don Quixote,Faust,Hamlet,Jane "
            "Eyre,White Fang,The Time Machine,The Odyssey",
            "reader|member|name:person",
        ),
        'Lend {0} to {1}|{1} borrows {0}|check out "{0}" for {1}|{1} would like to take {0} home|book '
        "{0}, reader {1}|let {1} have {0} for a while|The reader {1} came for {0}. Book it out.|give {0} to "
        "the member {1}|loan: {0} -> {1}|write {0} on the library card of {1}",
        "due in {n} days|lent|ok",
    ),
    Family(
        "return_book|give_back_book|check_in_book",
        "Return a book to the library|Mark a lent book as given back",
        (
            "book|title:~Ulysses,The Raven,Frankenstein,Gulliver's Travels,King Lear,Macbeth,The "
            "Iliad,Candide,Walden,Kidnapped,The Hobbit,Lassie,Bambi,Tom Sawyer,Anna Karenina,War and "
            "Peace,Sherlock Holmes,The Secret Garden,Alice in Wonderland,Gone with the Wind",
        ),
        'I bring back {0}|return the book {0}|"{0}" is back, check it in|Mark {0} as returned|I have read '
        "{0} and want to hand it back|{0} goes back to the library|give back {0}|Take {0} off my list of "
        "loans, here it is|the copy of {0} was returned today|Please check in {0}",
        "returned|{n} days late|thanks",
    ),
    Family(
        "renew_loan|extend_loan|renew_book",
        "Extend the loan of a library book by weeks|Keep a borrowed book longer",
        (
            "book|title:~Wild Horses,The Baker's Daughter,Trees of Europe,Ten Easy Soups,The Tin Soldier,Learn "
            "to Knit,Sailing Alone,The Deep Well,Knights and Castles,A Short History of Tea,Home Repairs,The "
            "Blue Train,Stars and Planets,The Paper Boat",
            "weeks|extra_weeks|by:small",
        ),
        'Extend {0} by {1} weeks|I need {0} for {1} more weeks|renew "{0}", {1} weeks|{1} weeks longer '
        "for {0} please|keep {0} another {1} weeks|I have not finished {0}. Renew it for {1} weeks.|let me "
        "hold on to {0} for {1} weeks more|add {1} weeks to my loan of {0}|my loan of {0} ends, prolong it "
        "by {1} weeks|loan {0} + {1} weeks",
        "renewed|due in {n} days|not possible",
    ),
    Family(
        "books_by_author|author_books|list_works",
        "List the books of an author|What an author has written",
        ("author|writer|name:person",),
        "Which books did {0} write?|books by {0}|list the works of {0}|I like {0}, what else is there by "
        "this author?|What has {0} written|show all titles whose author is {0}|{0}: list of books|My "
        "grandmother reads everything by {0}; which titles exist?|novels from the pen of {0}|author {0}, "
        "what did they publish?",
        "{n} books|{w} and {w}|one novel",
    ),
    Family(
        "play_song|play_music|start_song|play_track",
        "Play a song|Start a piece of music by its title",
        (
            "song|title|track:~Blue Morning,Hold the Line,River Deep,Summer Rain,Dancing Shoes,Silver "
            "Moon,Walk with Me,Night Train,Golden Days,Paper Heart,Yesterday,Let It Be,Jingle Bells,Happy "
            "Birthday,Moonlight Sonata,Silent Night,Bohemian Rhapsody,Wonderwall,Lemon Tree,Country Roads,Ave "
            "Maria,Hey Jude",
        ),
        'Play {0}|I want to hear {0}|put on {0}|start the song "{0}"|{0}, please, as loud as you like|let '
        "me listen to {0}|The song {0} would be nice|How about some {0}? Play that song.|music: {0}|I am in "
        "the mood for {0}|Sing-along time, play us {0}|the track {0} please",
        "playing|on|{n} seconds",
    ),
    Family(
        "play_genre|music_by_mood|start_radio",
        "Play music of a genre|Start a music station for a style",
        (
            "genre|style|kind:~jazz,rock,blues,folk,opera,techno,reggae,soul,country,punk,disco,swing,hip "
            "hop,heavy metal,salsa,tango,gospel,classical,lounge,funk,bluegrass,waltz,film "
            "music,lullabies,brass band",
        ),
        "Play some {0}|I feel like {0} music|put on {0}|{0} station please|start a {0} radio|Some {0} would "
        "be good while I cook|any kind of {0}, just play it|let us have {0} for the party|give me an hour "
        "of {0} tunes|for the drive I want {0} playing|music style {0}",
        "playing {w}|on|station {n}",
    ),
    Family(
        "create_playlist|new_playlist|make_playlist",
        "Create a music playlist with a name|Make a new empty list for songs",
        ("name|title|playlist:phrase",),
        'Create a playlist called {0}|new playlist "{0}"|make me a list for songs, name it {0}|I want a '
        "playlist with the title {0}|playlist {0}, set it up|start an empty playlist and call it {0}|My "
        'songs need a home: a playlist named {0}|Let there be a playlist "{0}"|{0} shall be the name of '
        "my new playlist|set up a song list titled {0}",
        "created|playlist {n}|ready",
    ),
    Family(
        "add_song_to_playlist|playlist_add|append_song",
        "Add a song to a playlist|Put a track on one of my song lists",
        (
            "song|track:~Thunder Road,Cold Water,Little Bird,Sweet Home,Open Window,Red Wine,Slow Down,City "
            "Lights,Ocean Drive,Broken Wings,First Snow,Long Way,My Island,Angel,Fields of Gold,Fire and "
            "Ice,Waterloo,Imagine,Hallelujah,Respect",
            "playlist|list|to:~morning run,road trip,kitchen,study time,party,sleep,old "
            "hits,gym,winter,favourites,beach,rainy days,wedding,dinner,commute",
        ),
        "Add {0} to the playlist {1}|put {0} on my {1} list|{1} needs {0}, add the song|song {0} into "
        'playlist {1}|the {1} playlist should have {0} too|I love {0}; save it in {1}|append "{0}" to '
        '"{1}"|{0} fits well in {1}, add it|In the list {1} there is no {0} yet. Add it.|save the track '
        "{0} under {1}",
        "added|{n} songs|ok",
    ),
    Family(
        "set_playback|player_control|music_control",
        "Control the music player|Pause, stop or skip the music",
        ("action|command:=pause,resume,stop,skip,repeat,shuffle",),
        "{0} the music|please {0}|music player: {0}|{0} this song|The player should {0}|I want to {0} the "
        'song that is on|tell the player to {0}|hit {0} on the stereo|let the music {0}|the button "{0}" '
        "please|I can't hear you over the music, {0} it",
        "ok|done|player ready",
    ),
    Family(
        "get_lyrics|song_lyrics|find_lyrics",
        "Get the lyrics of a song by a singer|Show the words of a song",
        (
            "song|title:~Green Hills,Tomorrow,The River Song,Homeward,Dear Mother,Shining Star,Black "
            "Coffee,Lonely Street,Candle Light,Sunday Best,Sailor's Wife,Higher Ground,Old "
            "Friend,Faraway,Crazy Love,Ring the Bell",
            "artist|singer|by:person",
        ),
        "Lyrics of {0} by {1}|what are the words of {0} by {1}?|show me the text of {1}'s song {0}|I want "
        'to sing {0} by {1} but forgot the words|{1}, {0}, lyrics|find the lyrics to "{0}" from {1}|In '
        "{0}, what does {1} sing?|give me the words that {1} sings in {0}|the singer is {1}, the song {0}: "
        "lyrics please|{0} ({1}) words",
        "found {n} lines|{w} {w} {w}|none",
    ),
    Family(
        "movie_showtimes|cinema_times|film_times",
        "When a film is shown in a city's cinemas|Get cinema times",
        (
            "movie|film|title:~Dark Harbor,The Lion King,Star Wars,Toy Story,Titanic,Frozen,Casablanca,The "
            "Matrix,Jaws,Avatar,Paddington,The Big Race,Gladiator,Amelie,Shrek,Vertigo,King "
            "Kong,Bambi,Rocky,Alien,Grease,Up",
            "city|place|in:city",
        ),
        "When is {0} on in {1}?|cinema times for {0} in {1}|{0} showtimes {1}|I am in {1} and want to watch "
        "{0} at the cinema|in {1}, at what time do they show {0}?|is {0} still playing in {1}|film {0}, "
        "city {1}, when?|At which hours can we see {0} in {1}?|find me a showing of {0} in {1}|We want to "
        "take the kids to {0}. Which times are there in {1}?",
        "at {h}|{h} in hall {n}|not shown",
    ),
    Family(
        "movie_info|film_details|about_movie",
        "Get facts about a film|Who made a film and who plays in it",
        (
            "title|movie|film:~The Godfather,Home Alone,Psycho,Finding "
            "Nemo,Dune,Inception,Fargo,Heat,Chicago,Ben "
            "Hur,Metropolis,Nosferatu,Chinatown,Mulan,Gravity,Batman,Superman,Zorro,Moana,Cars,Tron,Robin "
            "Hood,The Artist",
        ),
        "Tell me about the film {0}|who plays in {0}?|movie {0}, facts|What is {0} about?|when was {0} "
        "filmed and by whom|I have never seen {0}; what kind of movie is it?|info on the movie {0}|who "
        "directed {0}|Some facts on {0} please, the film|is the movie {0} any good? Get its details.",
        "from 1994 by {w}|{n} minutes|a comedy",
    ),
    Family(
        "recommend_movie|suggest_film|movie_suggestion",
        "Suggest a film of a genre for some mood|Recommend a movie to watch",
        ("genre|kind|type:=comedy,drama,thriller,western,horror,romance,cartoon,documentary",),
        "Suggest a {0}|I would like to watch a {0} tonight|which {0} is good?|recommend a film, {0} if "
        "possible|{0} for the evening?|name a {0} worth seeing|We are in the mood for a {0}, what shall we "
        "see?|My friends want a {0}. Find us one.|any good {0} movies|pick a {0} for me",
        "{w}|{w} of 1988|{w} and {w}",
    ),
    Family(
        "rate_movie|film_rating|give_stars_to_film",
        "Give a film a number of points|Rate a film that I saw",
        (
            "film|movie|title:~Summer of Kites,The Iron Horse,Two Brothers,Night Bus,The Cat Burglar,Desert "
            "Wind,A Day in June,Snow Queen,The Wedding Cake,Ghost Town,Silver Lake,The Spy Next Door,Long "
            "Shadows,Pirates of the North,Space Dogs",
            "points|score|rating:small",
        ),
        "I give {0} {1} points|rate {0} with {1}|{1} points for the film {0}|{0}: {1} out of 60|Last night "
        "I saw {0}, it deserves {1} points|put down a rating of {1} for {0}|The film {0} was fun. My score "
        'is {1}.|score {1} goes to {0}|my rating for "{0}" is {1}|{1} for {0}, that film was something',
        "saved|average {n}|thanks",
    ),
    Family(
        "watchlist_add|save_to_watch|add_to_watchlist",
        "Put a series or film on the watch list|Remember a show to watch later",
        (
            "title|show|series:~The Night Shift,Doctor Who,Friends,Cheers,Dallas,Star Trek,The Office,Sesame "
            "Street,Columbo,Sherlock,Bake Off,Lost,Downton Abbey,The Crown,Fawlty Towers,Miami Nights,Island "
            "Vets,The Bridge,Planet Earth,Harbor Police",
        ),
        "Put {0} on my watch list|I want to watch {0} later|save the series {0} for later|remember the show "
        "{0} for me to see|{0} goes on the watch list|watchlist: {0}|Someone told me {0} is good, note it "
        'for watching|add "{0}" to the shows I still have to see|not tonight, but keep {0} on the list to '
        "watch|the list of shows to watch needs {0}",
        "saved|{n} shows waiting|ok",
    ),
    Family(
        "start_game|new_game|play_game|launch_game",
        "Start a game at a difficulty|Begin a new round of a game",
        (
            "game|title|name:~chess,checkers,solitaire,sudoku,mahjong,poker,tetris,snake,hangman,dominoes,"
            "backgammon,bridge,ludo,crossword,minesweeper,pinball,rummy,scrabble,battleship,four in a "
            "row,memory",
            "difficulty|level|mode:=easy,medium,hard,expert",
        ),
        "Start {0} on {1}|new game of {0}, {1}|let us play {0}, make it {1}|{1} {0} please|I want an {1} "
        "round of {0}|play {0} with difficulty {1}|set up {0}. Level {1}.|begin a round of {0} ({1})|{0} at "
        "the {1} level|Time for {0}! I choose {1}.|make it {1}, the game is {0}",
        "started|your move|round {n}",
    ),
    Family(
        "roll_dice|throw_dice|dice",
        "Roll some dice with a number of sides|Throw dice",
        ("count|dice|number:small", "sides|faces:small"),
        "Roll {0} dice with {1} sides|throw {0} dice, {1} sides each|{0} dice, {1} faces|I need {0} rolls "
        "of a die that has {1} sides|with {1} sides on each, roll {0} dice|Let {0} dice fall, each with {1} "
        "faces|dice: {0} times {1}|The dice have {1} sides. Throw {0} of them.|for my game roll {0} dice of "
        "{1} sides|give me a throw of {0} dice ({1}-sided)",
        "{n}|{n} in all",
    ),
    Family(
        "high_scores|leaderboard|best_players",
        "Show the best scores of a game|List the top players of a game",
        (
            "game|name|title:~Bubble Pop,Space Raiders,Farm Days,Road Rush,Word Storm,Gem Quest,Sky "
            "Jumper,Puzzle Bay,Ice Racer,Zombie Park,Goal Kick,Magic Maze,Robot Wars,Tower Fall,Candy "
            "Hill,Deep Dive,Moon Miner,Pirate Cove",
        ),
        "Who is best at {0}?|high scores of {0}|leaderboard for {0}|Show me the top players in {0}|{0} best "
        "scores|I just played {0}; am I on the list of winners?|which scores lead in {0}|the record in the "
        "game {0}|Let me see who rules {0}|rankings, game {0}",
        "{w} with {n}|{n} points|{w} leads",
    ),
    Family(
        "get_news|latest_news|headlines|news_search",
        "Get the latest news about a topic|Show headlines on a subject",
        (
            "topic|subject|about:~the election,climate change,football,farming,the heat wave,space travel,the "
            "royal family,electric cars,schools,oil prices,the strike,fashion,new films,the "
            "storm,vaccines,tourism,house prices,robots,wild fires,the harvest,train delays,world peace,the "
            "flood,the Olympic Games",
        ),
        "News about {0}|what is new on {0}?|latest headlines: {0}|I want to read the news on {0}|Has "
        "anything been written about {0} today?|{0} in the news|show the press on {0}|bring me up to date "
        "on {0}|Tell me what the papers say about {0}|I missed the news; what happened with {0}?|any "
        "reports on {0}",
        "{n} articles|{w} makes headlines|nothing new",
    ),
    Family(
        "local_news|city_news|news_by_place",
        "Get the local news of a city|What happened in a town",
        ("city|place|town:city",),
        "What happened in {0} today?|local news from {0}|news {0}|I used to live in {0}, what is going on "
        "there?|show the town news of {0}|Read me the local paper of {0}|any news from around {0}?|from "
        "{0}, what do they report?|tell me the headlines in {0}|The people of {0}, what are they talking "
        "about?",
        "{n} stories|a new bridge|a fire at {h}",
    ),
    Family(
        "save_article|read_later|bookmark_article",
        "Save a news article to read later|Bookmark an article by its headline",
        (
            "headline|title|article:~Bees return to the city,Mayor opens new park,Old ship found in bay,Snow "
            "closes mountain road,Prices fall again,School wins science prize,Twins turn one hundred,Storm "
            "hits the coast,River is clean again,Baker gives bread away,New trams on trial,Dog saves a "
            "child,Museum shows lost painting,Doctors warn of flu,Farmers fear a dry summer",
        ),
        'Save the article {0}|read later: {0}|bookmark "{0}"|keep the story {0} for tonight|I have no '
        'time for {0}, store the article|"{0}" looks worth reading, save it for me|put the news item {0} '
        "in my reading list|I want to read {0} on the train, so save it|do not lose the article called "
        "{0}|article {0}, mark it for later",
        "saved|{n} articles waiting|ok",
    ),
    Family(
        "post_update|publish_post|share_status|create_post",
        "Publish a post on social media|Share a message on my profile",
        (
            "text|message|content:~our cat had kittens,what a lovely day,finally passed my test,dinner with "
            "old friends,moving house tomorrow,back from the beach,first snow of the year,my garden is in "
            "bloom,we won the match,off to the lake,new job starts today,cake is in the oven,happy new year to "
            "all,who wants my old sofa,lost a black glove,coffee and a good book",
            "network|platform|where:=facebook,instagram,mastodon,linkedin",
        ),
        'Post "{0}" on {1}|share on {1}: {0}|{0} - put that on my {1}|publish {0} to {1}|On {1} I want to '
        "say {0}|my {1} friends should read this: {0}|tell everybody on {1} that {0}|new {1} post, text "
        '"{0}"|Let {1} know: {0}|write {0} on my {1} page|the words "{0}" go up on {1}',
        "posted|live|{n} likes",
    ),
    Family(
        "follow_account|follow_user|subscribe_to_user",
        "Follow a person on social media|Subscribe to someone's posts",
        ("user|account|handle:word",),
        "Follow {0}|I want to see the posts of {0}|start following {0}|subscribe to {0}'s profile|{0} posts "
        "nice pictures, follow that account|add {0} to the accounts I follow|the user {0} should show up in "
        "my feed|follow account {0} please|keep me posted on what {0} shares|my friend calls herself {0} "
        "online, follow her",
        "following|{n} followers|ok",
    ),
    Family(
        "unfollow_account|unfollow|mute_user|block_user",
        "Stop following a person on social media|Block a user who bothers me",
        ("user|account|handle:word",),
        "Unfollow {0}|I am tired of {0}'s posts, remove them from my feed|stop following {0}|block {0}|{0} "
        "is rude to me, block this user|no more posts by {0}|take {0} off the accounts I follow|I do not "
        "want to read {0} any longer|the account {0} must go from my feed|get {0} out of my timeline",
        "done|blocked|{n} accounts left",
    ),
    Family(
        "count_followers|follower_count|how_many_followers",
        "Count the followers of an account|How many people follow a user",
        ("user|account|profile:word",),
        "How many followers does {0} have?|follower count of {0}|count who follows {0}|{0}: number of "
        "followers|Is {0} popular? Count the followers.|I wonder how many people follow {0}|followers "
        "{0}|tell me the size of {0}'s crowd of followers|Does anyone follow {0}? Give me the number.|look "
        "up how many follow the account {0}",
        "{n}|{n} people",
    ),
    Family(
        "take_photo|snap_picture|camera_shot",
        "Take a photo with a camera|Make a picture with the front or back camera",
        ("camera|lens|which:=front,back,wide,zoom",),
        "Take a photo with the {0} camera|{0} camera, snap|use the {0} lens for a picture|I want a picture "
        "from the {0} camera|smile! {0} camera please|shoot one with {0}|the {0} camera should take a "
        "shot|Make a photo, {0} lens|We all stand ready, press the {0} camera|picture, {0}",
        "photo {n}|saved|click",
    ),
    Family(
        "find_photos|search_photos|photo_search|gallery_search",
        "Find photos by what they show|Search my pictures for a thing",
        (
            "subject|what|query:~sunset,my dog,the beach,birthday cake,mountains,grandma,the old "
            "car,snowman,fireworks,roses,a rainbow,the wedding,horses,our tent,butterflies,the "
            "lighthouse,ducks,Christmas tree,the harbor,the baby,bridges,waterfalls,the school play,kites",
        ),
        "Find photos of {0}|show me pictures of {0}|{0} photos|Where are my photos with {0} in them?|search "
        "the gallery for {0}|I took a picture of {0} once, find it|all images that show {0}|look through my "
        "pictures for {0}|do I have any snapshot of {0}|I want to see {0} again, open the photos|pictures, "
        "{0} only",
        "{n} photos|one from 2018|none",
    ),
    Family(
        "create_album|new_album|make_photo_album",
        "Create a photo album for pictures since a date|Put photos into a new album",
        (
            "name|title|album:~Summer at Sea,First Steps,Our House,Class Trip,Green Valley,Family Day,Ski "
            "Week,The New Puppy,Grandpa at Ninety,Autumn Walks,City Break,Boat Tour,Garden Party,Year "
            "One,Friends for Life,Old Town",
            "since|from|start:date",
        ),
        'Make an album {0} with photos since {1}|photo album "{0}", from {1} on|new album {0} starting '
        "{1}|All pictures taken after {1} go into an album named {0}|since {1} I took many photos, put them "
        "in an album {0}|album: {0}, {1} onwards|collect my pictures from {1} under the title {0}|I want to "
        "call the album {0} and begin with {1}|create {0} for the snaps since {1}|from {1}: photos into "
        '"{0}"',
        "{n} photos|album ready|made",
    ),
    Family(
        "edit_photo|apply_filter|photo_filter",
        "Apply a filter to a photo file|Change the look of a picture",
        ("file|photo|image:file", "filter|effect|look:=sepia,blur,sharpen,grayscale,vintage,brighten"),
        "Apply {1} to {0}|{0}: {1} filter|use the {1} effect on {0}|I want {0} with a {1} look|{1} the "
        "picture {0}|put a {1} filter over {0}|the photo {0} needs {1}|edit {0}, choose {1}|My photo is "
        "called {0}. Give it the {1} effect.|with {1}, {0} will look better",
        "saved|done|{n} kB",
    ),
    Family(
        "reserve_table|book_table|restaurant_reservation|table_booking",
        "Reserve a table at a restaurant for a number of guests|Book a table",
        (
            "restaurant|place|at:~Blue Lagoon,Casa Maria,The Old Mill,Golden Dragon,Bistro Nord,Chez "
            "Paul,Bella Napoli,Green Olive,The Anchor,Sakura,Taj Mahal,El Toro,The White Horse,Luna,Mama "
            "Rosa,Fish House,The Red Lion,Zum Hirsch,Garden Grill,Royal Thai",
            "guests|people|party_size:small",
            "date|day:date",
            "time|hour:time",
        ),
        "Table for {1} at {0} on {2} at {3}|book {0}, {2}, {3}, {1} people|reserve a table at {0} for {1}, "
        "date {2}, time {3}|On {2} at {3} we want to eat at {0}, {1} of us|we are {1} and would like to "
        "dine at {0} on {2}, {3}|{0}: table for {1}, {2} {3}|At {3} on {2} please, {1} guests, restaurant "
        "{0}|I am asking {1} friends to {0}. It is on {2} at {3}. Book it.|get us into {0} with {1} persons "
        "at {3}, day {2}|a table for {1} at {3}, {2}, in {0}",
        "table {n}|booked|confirmed",
    ),
    Family(
        "find_restaurant|restaurants_near|where_to_eat",
        "Find a restaurant with a cuisine in a city|Where to eat a kind of food",
        (
            "cuisine|food|kind:~Italian,Chinese,Indian,Mexican,Thai,Greek,Turkish,French,Japanese,Spanish,"
            "Korean,Vietnamese,Lebanese,Ethiopian,Polish,Moroccan,Peruvian,vegan,vegetarian,seafood,Persian,"
            "Hungarian,Portuguese",
            "city|in|place:city",
        ),
        "Find a {0} restaurant in {1}|{0} food in {1}|where in {1} can I eat {0}?|I am hungry in {1} and "
        "want something {0}|restaurants {1} {0}|We fancy {0} tonight. We are in {1}.|in {1}, is there any "
        "good {0} place?|a {0} kitchen somewhere in {1} please|name a place for {0} dinner in {1}|Which {0} "
        "restaurants does {1} have|visiting {1}, looking for {0} dishes",
        "{w}|{w} and {w}|{n} places",
    ),
    Family(
        "order_food|food_delivery|order_takeaway",
        "Order dishes from a restaurant to be delivered|Order a number of portions of a meal",
        (
            "dish|meal|food:~pizza,sushi,pad thai,fried rice,lasagna,falafel,tacos,chicken curry,noodle "
            "soup,burgers,fish and chips,kebab,spring rolls,gnocchi,ramen,tomato "
            "soup,burritos,dumplings,paella,ribs,caesar salad,samosas,goulash,pancakes",
            "portions|quantity|count:small",
        ),
        "Order {1} portions of {0}|{1} {0} to my door please|I am hungry for {0}, send {1}|get us {0}, {1} "
        "times|{0} x {1}, delivery|We are {1} hungry people and want {0}|have {1} helpings of {0} brought "
        "here|food order: {0}, {1} portions|Bring {0}. We need {1}.|tonight we eat {0}, order it for "
        "{1}|let them cook {1} {0} for us",
        "{n} minutes|on the way|{n} euros",
    ),
    Family(
        "show_menu|get_menu|restaurant_menu",
        "Show the menu of a restaurant|What dishes a restaurant offers",
        (
            "restaurant|place|name:~Da Luigi,Peking Garden,The Brass Pot,Olive Tree,Harbor View,Le "
            "Jardin,Tokyo Bowl,Athens Taverna,Black Pepper,Sunny Side,The Grape,Burger Barn,Spice Route,Noodle "
            "Bar,Tapas Y Mas,Corner Cafe,The Oak Room,Alpine Hut",
        ),
        "Show the menu of {0}|what do they serve at {0}?|menu {0}|I am sitting in {0}, let me see the "
        "menu|what can one eat at {0}|Which dishes does {0} have?|{0} card of dishes please|Before we go to "
        "{0}, look at what they offer|tell me what {0} cooks|Does {0} have soup? Open the menu.",
        "soup and fish|{n} dishes|pasta for {n}",
    ),
    Family(
        "find_events|events_in_city|whats_on",
        "Find events of a kind in a city|What is on in a place",
        ("kind|type|category:=concert,theater,market,exhibition,festival,lecture", "city|place|in:city"),
        "Is there a {0} in {1}?|find a {0} in {1}|{1}, {0}, what is on?|I am in {1} and want to go to a "
        "{0}|events in {1}: {0}|what kind of {0} can I see in {1}|In {1} we look for a {0}|{0} tips for {1} "
        "please|The weekend in {1} should have a {0} in it, find one|any {0} in or near {1}|tell me about "
        "the next {0} in {1}",
        "{w} at {h}|{n} events|none",
    ),
    Family(
        "buy_tickets|book_event_tickets|purchase_tickets|get_tickets",
        "Buy tickets for an event|Book seats for a show",
        (
            "event|show|name:~Swan Lake,the jazz night,the cup final,the circus,The Magic Flute,the book "
            "fair,the wine festival,the light show,the ice gala,the horse race,the flea market,the comedy "
            "club,Carmen,the rock festival,the boat show,the air show,the poetry slam,the science fair,the "
            "Nutcracker,the film gala",
            "tickets|count|quantity:small",
        ),
        "Buy {1} tickets for {0}|{1} tickets to {0} please|I want to go to {0}, get {1} tickets|{0}, {1} "
        "seats|book {1} places for {0}|We are {1} people and want to see {0}|get us into {0}, {1} of "
        "us|before {0} sells out, buy {1} tickets|Tickets: {0}. How many? {1}.|for {0} I need {1} "
        "tickets|take {1} cards for {0}",
        "{n} euros|row {n}|booked",
    ),
    Family(
        "refund_ticket|cancel_ticket|give_back_ticket",
        "Give back an event ticket by its code|Cancel a ticket and get the money back",
        ("ticket_code|ticket|code:word",),
        "Give back the ticket {0}|cancel ticket {0}|refund my ticket {0}|I can't go to the show, the ticket "
        "code is {0}|ticket {0}: I want my money back|The concert ticket {0} is no use to me, return "
        "it|hand ticket {0} back|{0} is the code on the ticket that I wish to cancel|please void the ticket "
        "{0}|my seat under {0} is free again, refund it",
        "{n} euros back|cancelled|too late",
    ),
    Family(
        "invite_guest|send_invitation|invite_to_event",
        "Invite a person to an event on a date|Send someone an invitation",
        (
            "guest|person|who:name",
            "event|occasion|to:~my birthday,our wedding,the barbecue,the house warming,the picnic,the "
            "christening,the reunion,the garden party,the farewell drink,the game night,the baby shower,the "
            "school concert,the anniversary,the opening,a tea party,the sleepover",
            "date|day|on:date",
        ),
        "Invite {0} to {1} on {2}|{0} should come to {1}, {2}|send {0} an invitation for {1} on {2}|On {2} "
        "we hold {1}, invite {0}|ask {0} to join {1} on {2}|{1} is on {2}. Let {0} know.|invitation: {0}, "
        "{1}, {2}|I would be glad to see {0} at {1} on {2}|for {1} on {2} we still miss {0}, send a "
        "card|tell {0} that {1} takes place on {2} and to be our guest",
        "sent|{n} guests|ok",
    ),
    Family(
        "book_appointment_office|town_hall_appointment|citizen_appointment",
        "Book an appointment at a public office for a service|Get a date at the town hall",
        (
            "service|matter|for:~a new passport,a fishing licence,a birth certificate,a parking permit,a "
            "marriage licence,an address change,a dog tax form,a driving licence,a building permit,a voter "
            "card,an identity card,a trade licence,a resident permit,a school form",
            "date|day|on:date",
        ),
        "I need {0}, book the town hall for {1}|appointment at the office for {0} on {1}|on {1} I want to "
        "apply for {0}|{0}, {1}, town hall|get me a date on {1} to ask for {0}|Book {1} at the citizens' "
        "office. It is about {0}.|I moved here and need {0}; {1} would suit me|office visit {1}: {0}|for "
        "{0}, reserve a time at the public office on {1}|My visit on {1} is because of {0}",
        "at {h}|desk {n}|booked",
    ),
    Family(
        "garbage_collection|waste_pickup|bin_day",
        "When a kind of waste is collected in a street|Find the day the bins are emptied",
        (
            "waste|bin|kind:=paper,glass,plastic,garden,metal",
            "street|address|where:~Mill Lane,Oak Street,Station Road,Church Hill,River Walk,Park Avenue,High "
            "Street,Rose Garden,Kings Road,Bridge Street,Market Square,School Lane,Elm Drive,Castle Street,Sea "
            "View,West End,Garden Row,Long Acre",
        ),
        "When is {0} collected in {1}?|{0} bin, {1}, which day?|pickup of {0} waste at {1}|I live in {1} "
        "and my {0} is piling up. When do they come?|{1}: next {0} collection|on what day do I put out the "
        "{0} in {1}|Tell me the {0} day for {1}|in {1} they fetch {0} when?|My {0} bin is full. I live at "
        "{1}.|the next time {0} gets taken away from {1}",
        "on Monday|at {h}|in {n} days",
    ),
    Family(
        "report_pothole|report_street_problem|city_report",
        "Report a problem in the street to the city|Tell the town about damage in public places",
        (
            "problem|what|issue:~a deep pothole,a broken street lamp,a fallen branch,an overflowing "
            "bin,graffiti on a wall,a missing sign,a blocked drain,a loose paving stone,a dead traffic light,a "
            "dumped fridge,a broken bench,a leaking hydrant,a rusty swing,a wasp nest",
            "street|place|where:~Main Street,Garden Way,Hill Road,Canal Side,Lake Street,Tower Square,Queens "
            "Road,Forest Path,Abbey Lane,Cherry Street,Green Lane,Harbor Road,Windmill Hill,Victoria "
            "Street,Orchard Close,Chapel Street",
        ),
        "Report {0} in {1}|there is {0} on {1}|the city should fix {0} in {1}|In {1} I saw {0}|{1}: {0}, "
        "please report|Tell the town about {0} at {1}|I nearly fell over in {1} because of {0}|{0} has been "
        "in {1} for weeks, let the city know|My walk down {1} was spoiled by {0}. Report it.|to the town: "
        "{0}, {1}",
        "report {n}|sent|a crew comes at {h}",
    ),
    Family(
        "file_tax_return|submit_tax|tax_return",
        "Submit the tax return for a year with the income|Hand in taxes",
        ("year|tax_year:year", "income|earned|amount:number"),
        "File my taxes for {0}, income {1}|tax return {0}: {1} euros|I earned {1} in {0}, hand in the tax "
        "return|for {0} my income was {1}, send that to the tax office|submit {1} as my income of {0}|In "
        "{0} I made {1} euros. File the tax.|{1} earned, year {0}, tax please|The tax office waits for my "
        "{0} return; the income is {1}|taxes of {0} with {1} income|declare {1} for the year {0}",
        "filed|{n} euros back|you owe {n}",
    ),
    Family(
        "read_sensor|sensor_value|get_sensor_reading",
        "Read the value of a sensor|Get what a sensor measures",
        ("sensor|sensor_id|name:word",),
        "Read sensor {0}|what does the sensor {0} show?|value of sensor {0}|{0} sensor reading please|I "
        "need the current reading of {0}|Is the sensor {0} still alive? Read it.|fetch the measurement from "
        "sensor {0}|tell me what {0} measures|sensor {0}, value?|look at the output of the probe {0}",
        "{n}|{t} degrees|{n}.5",
    ),
    Family(
        "start_machine|machine_on|run_machine",
        "Start a machine at a speed|Switch on a machine in the factory",
        (
            "machine|device|unit:~conveyor,lathe,mixer,press,pump,crane,saw,oven,compressor,packing "
            "line,drill,grinder,welder,furnace,loom,bottling line,sorter,fan,mill,crusher,printer,cutter",
            "speed|power|level:level",
        ),
        "Start the {0} at {1} percent|{0} on, speed {1}|run the {0} with power {1}|switch on the {0}, {1} "
        "percent|let the {0} run at {1}|At {1} percent, start up the {0}|The shift begins: {0} to {1}|set "
        "the {0} going, speed {1} percent|power {1} for the {0}, go|I need the {0} turning at {1} "
        "percent|the {0} can start. Speed is {1}.",
        "running|{n} turns|on",
    ),
    Family(
        "emergency_stop|stop_machine|halt_machine",
        "Stop a machine at once|Halt a machine in the factory",
        (
            "machine|device|unit:~robot arm,forklift,belt,shredder,turbine,stamping press,elevator,lift "
            "table,paint line,boiler,generator,laser,rolling mill,spinner,hoist,chain "
            "saw,sprayer,centrifuge,tractor,excavator",
        ),
        "Stop the {0}|halt the {0} at once|the {0} must stop|Emergency! {0} off!|shut down the {0} right "
        "away|Someone is near the {0}, stop it|{0} stop|bring the {0} to a halt|I smell smoke from the {0}, "
        "kill its power|the {0} makes a bad noise, switch it off|no more running for the {0}",
        "stopped|halted at {h}|off",
    ),
    Family(
        "set_sensor_alarm|threshold_alert|alarm_limit",
        "Raise an alarm when a quantity goes above a limit|Set the limit of a sensor",
        ("quantity|measure|what:=temperature,pressure,humidity,noise,vibration,voltage", "limit|max|threshold:number"),
        "Alarm when the {0} goes above {1}|{0} limit {1}|warn me if {0} passes {1}|set the alarm for {0} at "
        "{1}|If the {0} rises over {1}, ring the bell|above {1} the {0} is dangerous, raise an alarm then|I "
        "must know when {0} is higher than {1}|the {0} may not be more than {1}, alert me if it "
        "is|threshold {1} for the {0}|{1} is the most {0} we allow. Set the alarm.",
        "alarm set|ok|armed",
    ),
    Family(
        "schedule_maintenance|plan_service|machine_service",
        "Plan the maintenance of a machine on a day by a technician|Schedule a repair",
        (
            "machine|device|equipment:~milling machine,air conditioner,lift,escalator,heat pump,water "
            "filter,garage door,copy machine,coffee maker,fire alarm,snow plough,dish washer,street "
            "sweeper,harvester,ventilator,cold room,x-ray machine,ski lift",
            "date|day|on:date",
            "technician|by|worker:name",
        ),
        "{2} will service the {0} on {1}|plan maintenance: {0}, {1}, {2}|on {1} {2} looks at the "
        "{0}|schedule {2} to repair the {0} on {1}|the {0} needs care, let {2} do it on {1}|Send {2} to the "
        "{0} on {1}|{0} service by {2}, date {1}|{1}: {2} checks the {0}|The {0} is due. {2} has time on "
        "{1}.|for the {0} book {2}, {1}",
        "planned|job {n}|ok",
    ),
    Family(
        "planet_info|get_planet|about_planet",
        "Get facts about a planet or moon|Tell about a body of the solar system",
        (
            "planet|body|name:~Mars,Venus,Jupiter,Saturn,Mercury,Neptune,Uranus,Pluto,Titan,Europa,Ganymede,"
            "Callisto,Ceres,Phobos,Deimos,Triton,Io,Rhea,Earth,Vesta",
        ),
        "Tell me about {0}|how big is {0}?|facts on {0}|{0}, what is it made of?|I have to talk about {0} "
        "in class, give me facts|how far is {0} from the sun|What do we know of {0} in the sky?|is there "
        "water on {0}? Get the facts.|describe {0}|planet data, {0}",
        "{n} km wide|{n} moons|made of ice",
    ),
    Family(
        "rocket_launches|next_launch|upcoming_launches",
        "List the next rocket launches|When the next rocket starts",
        (),
        "When is the next rocket launch?|upcoming launches|which rockets go up soon?|I want to watch a "
        "rocket start, when is one?|show the launch calendar|Is anything going into space this week?|tell "
        "me about the coming space missions|rocket starts please|list what will be shot into space "
        "next|next lift-off?",
        "{w} at {h}|in {n} days|none",
    ),
    Family(
        "station_position|where_is_the_station|iss_location",
        "Where the space station is at the moment|Get the position of the space station",
        (),
        "Where is the space station?|position of the space station|what is the space station flying "
        "over?|Can I see the space station tonight? Where is it?|show the station in orbit|tell me over "
        "which land the astronauts are|space station location please|locate the space station|Is the "
        "station above us at the moment?|find the astronauts' station",
        "over {C}|{n} km up|above the sea",
    ),
    Family(
        "element_info|chemical_element|periodic_table",
        "Look up a chemical element|Facts about an element of the periodic table",
        (
            "element|name|substance:~gold,iron,oxygen,helium,carbon,copper,silver,neon,lead,sulfur,calcium,"
            "sodium,zinc,tin,nickel,uranium,mercury,iodine,argon,lithium,hydrogen,chlorine,titanium,platinum",
        ),
        "What kind of element is {0}?|element {0}|atomic number of {0}|look up {0} in the periodic "
        "table|{0}: weight and symbol|For chemistry I need facts on {0}|which symbol does {0} have?|tell me "
        "the chemical data of {0}|where does {0} stand among the elements|I forgot how heavy {0} is|how "
        "many protons are in {0}?",
        "number {n}|weight {n}|a metal",
    ),
    Family(
        "log_experiment|record_measurement|lab_entry",
        "Record a measurement of an experiment in the lab book|Write a lab result",
        (
            "experiment|test|name:~plant growth,salt water,magnet test,heat loss,free fall,bread "
            "mould,pendulum,solar cell,egg drop,yeast,rust,light bulb,soap bubbles,seed water,sound speed,ice "
            "melt,spring force,acid rain",
            "value|result|reading:number",
            "unit|in:=grams,meters,seconds,volts,liters",
        ),
        "Experiment {0}: {1} {2}|record {1} {2} for {0}|we measured {1} {2} in the {0} experiment|lab book: "
        "{0}, {1} {2}|write down that {0} gave {1} {2}|{1} {2} came out of {0}|In the {0} test the reading "
        "was {1} {2}|enter {1} {2} under {0}|The {0} run is over. Result {1} {2}.|note in the lab for {0} a "
        "value of {1} {2}",
        "saved|entry {n}|mean {n}",
    ),
    Family(
        "check_inventory|stock_level|warehouse_stock|inventory_count",
        "How many of a part are in the warehouse|Get the stock level of goods",
        (
            "part|goods|item:~steel pipes,wooden boards,screws,car tyres,paint cans,glass panes,cement "
            "bags,copper wire,bricks,door handles,ball bearings,rubber hoses,bolts,roof tiles,cable "
            "drums,cardboard boxes,pallets,gaskets,valves,gravel sacks,nails,plywood sheets,spark plugs,oil "
            "filters",
        ),
        "How many {0} are in the warehouse?|stock of {0}|count the {0} in store|do we have enough {0}?|{0}, "
        "how many left?|Check the warehouse for {0}|I am about to build and need {0}, what is in "
        "stock?|inventory {0}|level of {0} on the shelves|Before we order more {0}, look at what is "
        "there|tell me the number of {0} we hold",
        "{n}|{n} pieces|{n} boxes",
    ),
    Family(
        "move_stock|relocate_goods|transfer_stock",
        "Move goods from one warehouse to another|Transfer a quantity of stock between places",
        (
            "goods|item|what:~rice sacks,flour,sugar,canned beans,milk powder,coffee,cotton,bananas,frozen "
            "fish,salt,paper rolls,plastic tubs,toys,bed frames,radios,fridges,tents,blankets,seeds,fertilizer",
            "quantity|amount|units:int",
            "from|source|origin:city",
            "to|target|destination:city",
        ),
        "Move {1} units of {0} from {2} to {3}|transfer {0}, {1}, {2} to {3}|{3} needs {1} {0}, take them "
        "from {2}|send {1} {0} from the {2} warehouse to {3}|from {2} bring {1} units of {0} to {3}|In {2} "
        "there is too much {0}. Move {1} to {3}.|relocate {0} ({1} pieces) out of {2} into {3}|{1} of {0}: "
        "{2} -> {3}|to {3} from {2}, {1} units of {0} please|take {0} out of {2}, {1} in number, and store "
        "it in {3}",
        "truck {n}|moved|on the road",
    ),
    Family(
        "reorder_supplies|order_supplies|restock",
        "Order supplies again from a supplier|Restock an article",
        (
            "article|item|supply:~printer paper,gloves,cleaning fluid,packing tape,labels,bubble "
            "wrap,pens,toner,hand soap,paper cups,trash bags,light tubes,face shields,first aid kits,ear "
            "plugs,work boots,string,staples,folders,chalk",
            "quantity|amount|units:int",
            "supplier|from|vendor:word",
        ),
        "Order {1} {0} from {2}|restock {0}: {1}, supplier {2}|{2} should send us {1} {0}|we run out of "
        "{0}, get {1} from {2}|buy {1} more {0} at {2}|From {2} we need {1} {0}|{0} is low. Ask {2} for "
        "{1}.|reorder at {2}: {0}, {1}|supplies: {1} units of {0} by {2}|tell {2} to deliver {1} {0}",
        "order {n}|arrives at {h}|sent",
    ),
    Family(
        "assign_driver|dispatch_driver|truck_driver",
        "Give a driver to a truck|Send a driver with a vehicle on a route",
        ("driver|person|who:name", "truck|vehicle|vehicle_id:int", "destination|to|route:city"),
        "{0} drives truck {1} to {2}|send {0} with truck {1} to {2}|assign {0} to vehicle {1}, destination "
        "{2}|truck {1} to {2}, driver {0}|to {2} goes truck {1} with {0} at the wheel|Let {0} take truck "
        "{1} and drive to {2}|The load for {2} is in truck {1}. {0} drives.|driver {0}, lorry {1}, {2}|give "
        "{0} the keys of truck {1}, the tour goes to {2}|I want truck {1} in {2}, and {0} should drive",
        "on the road|leaves at {h}|ok",
    ),
    Family(
        "find_container|locate_container|container_status",
        "Find a shipping container at sea or in port|Where a container is",
        ("container|container_id|code:word",),
        "Where is container {0}?|find the container {0}|locate {0}, the container|Has container {0} reached "
        "the port?|{0} container, position please|My goods are in container {0}. Where is it?|status of the "
        "box {0} on the ship|look up shipping container {0}|container {0} should be in the harbor, check|on "
        "which ship is container {0}",
        "in {C}|on ship {w}|at sea",
    ),
    Family(
        "search_homes|find_apartment|property_search|find_house",
        "Search homes for rent or sale in a city|Find a flat or house with rooms",
        ("kind|type|property:=flat,house,studio,villa,cottage", "city|place|in:city", "rooms|bedrooms:small"),
        "Find a {0} in {1} with {2} rooms|{0}, {1}, {2} rooms|I look for a {0} in {1}; it should have {2} "
        "rooms|in {1}, is there a {0} of {2} rooms?|We move to {1} and need a {0}, {2} rooms|{2} rooms, "
        "{1}, {0}: what is on the market?|a {2}-room {0} in {1} please|show every {0} with {2} rooms around "
        "{1}|My family wants a {0} with {2} rooms. The town is {1}.|homes in {1}: {0} having {2} bedrooms",
        "{n} homes|{n} euros a month|none",
    ),
    Family(
        "book_viewing|schedule_viewing|visit_property",
        "Book a viewing of a property on a date|Arrange to see a home",
        (
            "address|property|home:~4 Mill Lane,12 Oak Street,7 Park Avenue,31 Church Hill,9 River Walk,2 "
            "Castle Street,18 Sea View,55 High Street,6 Garden Row,23 Station Road,40 Elm Drive,11 Kings "
            "Road,3 School Lane,76 Bridge Street,15 West End,8 Market Square",
            "date|day|on:date",
        ),
        "I want to see the flat at {0} on {1}|viewing of {0}, {1}|book a visit to {0} on {1}|on {1} we "
        "would like to look at the house {0}|{0} looks nice, let us view it on {1}|arrange a viewing on {1} "
        "for {0}|The home at {0} interests us. Is {1} fine for a visit?|{1}: show us {0}|ask the agent to "
        "open {0} for us on {1}|may we walk through {0} on {1}?",
        "at {h}|agent {w}|booked",
    ),
    Family(
        "estimate_home_value|house_price|property_value",
        "Estimate the value of a home from its size and city|What a house is worth",
        ("area|square_meters|size:int", "city|location|in:city"),
        "What is a home of {0} square meters in {1} worth?|house price {1}, {0} square meters|value of {0} "
        "square meters in {1}|I own {0} square meters in {1}, what could I sell it for?|in {1} I have a "
        "flat with {0} square meters; estimate it|estimate: {1}, {0} sqm|My house in {1} has {0} square "
        "meters. What is it worth?|how much would {0} square meters cost in {1}|{0} sqm home, town {1}, "
        "price guess|for {0} square meters of living space in {1}, what do people pay",
        "{n}000 euros|{n} thousand",
    ),
    Family(
        "pay_rent|rent_payment|send_rent",
        "Pay the rent for a month to the landlord|Send the monthly rent",
        ("month|for|period:=January,February,March,April,May,June,July,August", "amount|rent|sum:number"),
        "Pay the {0} rent, {1} euros|rent for {0}: {1}|send the landlord {1} for {0}|{1} rent is due for "
        "{0}|My rent of {1} for {0} is not paid yet, do it|In {0} the rent is {1}, pay it|for the month of "
        "{0} pay rent of {1}|{0} rent {1}|The landlord wants {1} for {0}. Send it.|transfer {1} as the rent "
        "of {0}",
        "paid|ok|landlord {w} got it",
    ),
    Family(
        "search_jobs|find_job|job_search|vacancies",
        "Search open jobs by title in a city|Find work in a place",
        (
            "job|title|position:~nurse,plumber,cook,teacher,truck driver,web designer,baker,florist,lawyer,bus "
            "driver,roofer,hairdresser,data analyst,farm "
            "hand,lifeguard,journalist,pharmacist,dentist,tailor,butcher,photographer,tour "
            "guide,librarian,optician,vet,pilot,welder,mason",
            "city|in|location:city",
        ),
        "Find work as a {0} in {1}|jobs for a {0} in {1}|{0} {1} vacancies|I am a {0} and live in {1}, is "
        "there work?|in {1}, who needs a {0}?|open positions: {0}, {1}|My brother moves to {1} and wants to "
        "be a {0}; any jobs?|search {0} jobs around {1}|does anyone in {1} hire a {0}|I want to work in "
        "{1}. My trade is {0}.|{1} job market for a {0}",
        "{n} jobs|{w} is hiring|none",
    ),
    Family(
        "apply_for_job|send_application|job_application",
        "Apply for a job at a company with a cv file|Send a job application",
        (
            "company|employer|at:~Acme,Northwind,Blue Ocean,Green Farm,City Hospital,Sun Bakery,Steel "
            "Works,Happy Kids,Fast Wheels,Royal Hotel,Cloud Nine,Red Brick,Good Foods,Clear Water,Bright "
            "Light,Safe Home,Open Door,River Bank",
            "job|position|role:~accountant,porter,chef,trainer,editor,driver,tester,buyer,planner,caretaker,"
            "analyst,gardener,builder,coach,clerk,inspector,assistant,host",
            "cv|file|resume:file",
        ),
        "Apply at {0} as {1} with {2}|send {2} to {0}, I want to be {1} there|application: {0}, {1}, "
        "{2}|{0} looks for a {1}, send them {2}|I would like to work for {0} as {1}; my CV is {2}|as {1} I "
        "apply to {0}, see {2}|My file {2} goes to {0} for the job of {1}|use {2} to apply for the {1} post "
        "at {0}|{0} has a free place for a {1}. Attach {2} and apply.|for the {1} job hand in {2} at {0}",
        "sent|application {n}|received",
    ),
    Family(
        "schedule_interview|book_interview|job_interview",
        "Schedule a job interview with a candidate|Invite an applicant to a talk",
        ("candidate|applicant|person:person", "date|day|on:date", "time|hour|at:time"),
        "Interview {0} on {1} at {2}|job interview: {0}, {1}, {2}|on {1} at {2} we talk to the applicant "
        "{0}|{0} comes for an interview on {1}, {2}|invite {0} to a job talk, {1} at {2}|set the interview "
        "with {0} for {2} on {1}|At {2} on {1} I want to meet the candidate {0}|The candidate is {0}. Make "
        "it {1}, {2}.|put {0}'s interview at {2}, date {1}|applicant {0}: {1} {2}",
        "room {n}|invited|ok",
    ),
    Family(
        "find_lawyer|lawyer_search|search_attorney",
        "Find a lawyer for a field of law in a city|Look for legal help",
        ("field|area|law:=family,criminal,labor,tax,traffic,rental,patent", "city|in|place:city"),
        "Find a lawyer for {0} law in {1}|{0} lawyer in {1}|who in {1} knows {0} law?|I need legal help in "
        "{1}, it is a {0} matter|{1}: attorney, {0} law|in {1} I look for a good {0} lawyer|My case is "
        "about {0} law and I live in {1}|name an attorney for {0} cases in {1}|is there any {0} law office "
        "in {1}|a {0} dispute in {1}, who can defend me?",
        "{w}|{w} and {w}|{n} offices",
    ),
    Family(
        "get_law_section|look_up_law|read_statute",
        "Read a section of a law|Look up a paragraph in a code of law",
        (
            "law|code|act:~Civil Code,Traffic Act,Tenancy Act,Labor Code,Animal Act,Data Act,School Act,Tax "
            "Code,Water Act,Trade Act,Penal Code,Building Code,Forest Act,Health Act,Copyright Act,Press "
            "Act,Police Act",
            "section|paragraph|article:int",
        ),
        "What does section {1} of the {0} say?|{0}, section {1}|read me paragraph {1} from the {0}|look up "
        "section {1}, {0}|In the {0}, what is written in section {1}?|I need the wording of section {1} in "
        "the {0}|quote the {0} at section {1}|the {0} has a section {1}, show it|My lawyer spoke of section "
        "{1} of the {0}. Open it.|{0} par. {1}",
        "it is forbidden|up to {n} years|{n} words",
    ),
    Family(
        "court_date|hearing_date|case_hearing",
        "Find the date of a court hearing by the case number|When a case is heard",
        ("case_number|case|file_number:word",),
        "When is case {0} heard?|court date of {0}|hearing for case {0}|I am a witness in case {0}, when "
        "must I come?|{0}: date in court|On what day does the judge hear {0}?|look up the hearing of the "
        "file {0}|the case number is {0}. When do we go to court?|tell me when {0} comes before the "
        "court|trial {0}, date?",
        "at {h}|room {n}|in {n} days",
    ),
    Family(
        "draft_contract|create_contract|write_contract",
        "Draft a contract between two parties|Write an agreement of a kind",
        (
            "kind|type|contract_type:=rental,sales,work,loan,service",
            "first_party|party_a|between:person",
            "second_party|party_b|and:person",
        ),
        "Draft a {0} contract between {1} and {2}|{0} agreement: {1}, {2}|write a {0} contract for {1} with "
        "{2}|{1} and {2} want to sign a {0} contract|make a {0} contract, parties {1} and {2}|We need a {0} "
        "contract. {1} is one side, {2} the other.|between {1} and {2}, set up a {0} agreement|put on paper "
        "the {0} deal of {1} with {2}|{1} made a {0} deal with {2}, write the contract|a {0} contract that "
        "binds {1} and {2} please",
        "{n} pages|draft {n}|ready",
    ),
    Family(
        "pay_fine|parking_fine|settle_fine",
        "Pay a fine by its number|Settle a parking or speeding ticket",
        ("fine_number|fine|reference:int",),
        "Pay the fine {0}|fine number {0}, pay it|I got a parking fine with the number {0}|settle fine "
        "{0}|My speeding ticket {0} is still open, pay that|the police wrote me up, reference {0}, pay the "
        "fine|clear the penalty {0}|fine {0}: pay|I drove too fast. The fine is number {0}.|the number on "
        "my parking ticket is {0}; please pay it",
        "{n} euros paid|done|paid at {h}",
    ),
    Family(
        "tip_calculator|compute_tip|add_tip",
        "Work out the tip on a bill|How much to tip at a percent",
        ("bill|amount|total:number", "percent|rate|tip:small"),
        "What is a {1} percent tip on {0}?|tip {1} % of {0}|the bill is {0}, I tip {1} percent|add {1} "
        "percent to {0} for the waiter|I want to leave {1} percent; we ate for {0}|on {0}, how much is {1} "
        "percent as a tip?|{0} bill, {1} percent tip|The waiter was kind, so {1} percent on top of {0}|how "
        "much do I leave if it is {1} percent of {0}|tip on {0} at {1} percent please",
        "{n}|{n}.50",
    ),
    Family(
        "gift_card_balance|voucher_balance|check_gift_card",
        "Check how much is left on a gift card|Get the value of a gift card",
        ("card_code|gift_card|code:word",),
        "How much is left on gift card {0}?|gift card {0} balance|check the gift card {0}|My aunt gave me a "
        "gift card with the code {0}, what is it worth?|{0} is a gift card. What is on it?|value of gift "
        "card {0}|is there still money on my gift card {0}?|look at gift card {0} please|the gift card says "
        "{0}; tell me the rest of it|rest on the gift card with code {0}",
        "{n} euros|{n}|empty",
    ),
    Family(
        "loyalty_points|bonus_points|reward_points",
        "Show my bonus points at the shop|How many reward points I have",
        (),
        "How many bonus points do I have?|my loyalty points|show my reward points|Can I get a gift for my "
        "points? Count them.|points on my customer card|I shop here every week, how many points is "
        "that?|bonus points please|tell me what I have collected on the loyalty card|have my reward points "
        "grown?|count the points I have earned at the shop",
        "{n} points|{n}|none yet",
    ),
    Family(
        "who_is_working|staff_on_duty|on_shift",
        "Who is on shift at the moment|List the staff at work today",
        (),
        "Who is working today?|staff on duty|who is on shift?|show which colleagues are at work|list "
        "everybody who is in the office today|I need a hand, who is here today?|shift list|Are enough "
        "people at work? Show who is there.|tell me who has the shift|on duty at this moment?",
        "{w} and {w}|{n} people|nobody",
    ),
    Family(
        "game_library|my_games|list_games",
        "List the games I own|Show my collection of games",
        (),
        "Which games do I own?|list my games|show my game collection|what can I play?|I am bored, which "
        "games are there on my account?|games I have bought|open the game library|do I have any games left "
        "to finish? List them.|my shelf of games please|tell me all the games that belong to me",
        "{n} games|{w} and {w}|none",
    ),
    Family(
        "random_fact|tell_fact|fun_fact",
        "Tell a random science fact|Give a fun fact",
        (),
        "Tell me a fun fact|a random fact please|surprise me with something from science|I want to learn "
        "something odd|give me a fact|what is a thing that few people know?|fun fact|Amaze me with a bit of "
        "knowledge|teach me one small fact|do you know a strange fact?",
        "ants have six legs|ice floats on water|the sun is a star",
    ),
]
