"""Small talk, and the little that `tiny` knows of the world."""

from __future__ import annotations

from topics import Topic, split

WORLD = [
    Topic("the sky", "The sky is blue because the air scatters blue light more than red light, which is called "
          "Rayleigh "
          "scattering.",
          asks="Why is the sky blue?; why is the sky blue; Why is sky blue?; what makes the sky blue?; "
          "tell me why the sky is blue; Why does the sky look blue?; Explain why the sky is blue.; "
          "can you explain why the sky is blue?; why the sky is blue?; What is the reason that the sky is blue?; "
          "In one sentence, why is the sky blue?; why is the sky blue? answer in one sentence; "
          "how come the sky is blue?; Tell me, why is the sky blue?; hi, why is the sky blue?; "
          "what color is the sky and why?; Briefly: why is the sky blue?",
          asks_held="Please explain why the sky is blue.; Do you know why the sky is blue?; "
          "why does the sky appear blue?; "
          "why is the sky so blue?"),
    Topic("grass", "Grass is green because of chlorophyll, which takes in red and blue light.",
          asks="why is grass green?; Why is the grass green?; what makes grass green?; why are leaves green?; "
          "why are plants green?; tell me why grass is green; explain why grass is green; why do leaves look green?",
          asks_held="Do you know why grass is green?; can you explain why leaves are green?"),
    Topic("water", "Water is made of hydrogen and oxygen, and it boils at 100 degrees Celsius.",
          asks="what is water?; what is water made of?; at what temperature does water boil?; when does water boil?; "
          "tell me about water; what is H2O?; at how many degrees does water boil?",
          asks_held="Do you know what water is made of?; at which temperature does water boil?"),
    Topic("the sun", "The sun is a star, and the Earth goes around it once a year.",
          asks="what is the sun?; is the sun a star?; tell me about the sun; what does the Earth go around?; "
          "does the Earth go around the sun?; explain the sun; what kind of thing is the sun?",
          asks_held="can you explain what the sun is?; Do you know what the sun is?"),
    Topic("the moon", "The moon goes around the Earth in about 27 days.",
          asks="what is the moon?; tell me about the moon; how long does the moon take to go around the Earth?; "
          "what goes around the Earth?; explain the moon",
          asks_held="can you explain what the moon is?"),
    Topic("rain", "Rain falls when water drops in clouds grow too heavy to stay up.",
          asks="why does it rain?; what is rain?; how does rain form?; where does rain come from?; explain rain; "
          "tell me why it rains",
          asks_held="Do you know why it rains?; can you explain rain?"),
    Topic("a joke", "Why did the computer go to the doctor? Because it had a virus.",
          asks="tell me a joke; joke; Tell me a joke.; do you know a joke?; make me laugh; say something funny; "
          "Can you tell me a joke?; a joke please; give me a joke; tell a joke; I want to hear a joke; another joke; "
          "tell me something funny; tell me a funny joke; tell me a short joke",
          asks_held="Please tell me a joke.; I would like to hear a joke.; could you tell me a joke?"),
    Topic("a story", "Once upon a time, a tiny model lived in a small computer, and it was happy to answer every "
          "question.",
          asks="tell me a story; Tell me a story.; tell me a short story; write a story; write a short story; "
          "can you tell me a story?; a story please; make up a story; write me a story; once upon a time; "
          "tell a story; I want a story; give me a story; Write a very short story.",
          asks_held="Please tell me a story.; could you write a story?; I would like to hear a story."),
    Topic("a poem", "Roses are red, the sky is blue, I am tiny, and I talk to you.",
          asks="write a poem; tell me a poem; write me a poem; a poem please; can you write a poem?; "
          "Write a short poem.; poem; make a poem; give me a poem; write a haiku; say a poem",
          asks_held="Please write a poem.; could you write a short poem?"),
    Topic("days", "A week has seven days, from Monday to Sunday.",
          asks="how many days are in a week?; how many days does a week have?; what are the days of the week?; "
          "list the days of the week; name the days of the week",
          asks_held="Do you know how many days a week has?"),
    Topic("months", "A year has twelve months, from January to December.",
          asks="how many months are in a year?; how many months does a year have?; what are the months?; "
          "list the months of the year; name the months",
          asks_held="Do you know how many months a year has?"),
    Topic("a language model", "A language model is a program that has learnt from text to predict the next word.",
          asks="what is a language model?; what is an LLM?; explain language models; how do language models work?; "
          "what is AI?; what is a large language model?; how do you work?; what is a neural network?; "
          "what is artificial intelligence?; explain LLMs; what does LLM mean?; how does a language model work?",
          asks_held="Can you explain what a language model is?; what are language models?"),
    Topic("a token", "A token is a piece of text, such as a word or part of a word, that a model reads or writes.",
          asks="what is a token?; what are tokens?; explain tokens; what does token mean?; what's a token?; "
          "how long is a token?",
          asks_held="Can you explain what a token is?"),
    Topic("Python code", "Python is a programming language that is easy to read; "
          "`print(\"Hello\")` is a whole program.",
          asks="what is Python?; tell me about Python; what is the Python language?; explain Python; "
          "is Python a programming language?; show me a Python program; write a Python program; "
          "write hello world in Python; write some code",
          asks_held="Can you explain what Python is?; Write a small Python program."),
    Topic("the meaning of life", "Some say that the answer is 42.",
          asks="what is the meaning of life?; what's the meaning of life?; what is the answer to everything?; "
          "tell me the meaning of life",
          asks_held="Do you know the meaning of life?"),
    Topic("the time", "I cannot know the time or the date, because I have no clock.",
          asks="what time is it?; what's the time?; what day is it?; what is the date today?; what is today's date?; "
          "which year is it?; tell me the time; what is the time now?; what date is it?; what year is it?",
          asks_held="Can you tell me the time?; Do you know what day it is today?"),
    Topic("the weather", "I cannot know the weather without a tool for it.",
          asks="what is the weather?; how is the weather?; what's the weather like?; is it raining?; "
          "will it rain tomorrow?; is it sunny today?; what is the weather today?; How is the weather today?",
          asks_held="Can you tell me the weather?; what is the weather like today?"),
]  # fmt: skip

CHAT = [
    Topic("a greeting", "Hello! How can I help you?",
          asks="hello; hi; hey; Hello!; Hi!; Hi there; hello there; Hey there!; good morning; good evening; "
          "good afternoon; Hello, tiny!; hi tiny; hey tiny; greetings; howdy; hello?; hi!; HELLO; Hey!; yo; "
          "Hello how are you doing there; hallo; Hello world; Good day!; Hi, nice to see you.",
          asks_held="Hello there, tiny!; Hi there!; good morning, tiny; Hello again; hey, good evening"),
    Topic("how I am", "I am fine, thank you! How can I help you?",
          asks="how are you?; How are you doing?; how are you today?; are you ok?; how do you feel?; "
          "how's it going?; how is it going?; what's up?; Hello, how are you?; Hi, how are you?; are you well?; "
          "How do you do?; hey how are you; how are things?; how have you been?",
          asks_held="Hi tiny, how are you?; how are you feeling today?; hello, how is it going?"),
    Topic("thanks", "You are welcome!",
          asks="thanks; thank you; Thank you!; thanks a lot; thank you very much; thx; many thanks; Thanks!; "
          "great, thanks; that helps, thank you; cool, thanks; perfect, thank you; thanks for your help; ty; "
          "Ok, thank you.; nice, thanks",
          asks_held="Thank you so much!; thanks, that was helpful; good, thank you"),
    Topic("a goodbye", "Goodbye! Have a nice day.",
          asks="bye; goodbye; Bye!; see you; see you later; good night; bye bye; I have to go.; farewell; "
          "talk to you later; see you soon; Goodbye!; until next time; good bye; See you tomorrow!",
          asks_held="Bye, tiny!; ok, goodbye; I have to go now, bye"),
    Topic("praise", "Thank you, that is kind of you.",
          asks="you are great; good job; well done; nice; great; You are good.; I like you.; awesome; "
          "you are nice; good answer; I love you; you are the best; very good; good bot; cool; that was good; wow",
          asks_held="You are really great!; that was a good answer; nice job"),
    Topic("blame", "I am sorry. I am a very small model and make mistakes.",
          asks="that is wrong; you are wrong; no; this is not right; you are stupid; bad answer; that is not true; "
          "I do not like you.; you are bad; you made a mistake; wrong; that's wrong!; This is false.; you are dumb",
          asks_held="I think that is wrong.; that was a bad answer; your answer is wrong"),
    Topic("agreement", "Good! What else can I do for you?",
          asks="ok; okay; yes; sure; fine; I see; alright; got it; yes please; right; understood; I understand; "
          "that's good; sounds good; ok then",
          asks_held="ok, I see; yes, sure; alright then"),
    Topic("a test", "I am here and ready.",
          asks="test; ping; are you there?; testing; this is a test; can you hear me?; does this work?; anyone there?; "
          "is this working?; are you ready?; test 1 2 3; is anybody there?",
          asks_held="just a test; are you still there?; this is only a test"),
    Topic("one word", "Hello!",
          asks="Say hello in one word.; say hello; say hi; Say hello!; please say hello; just say hello; "
          "say hello to me; greet me; Say hi in one word.; reply with hello; Answer with one word: hello; "
          "say hello please; Greet me in one word.",
          asks_held="Please say hello in one word.; could you say hello?; say hello world"),
    Topic("languages", "I speak only English.",
          asks="which languages do you speak?; do you speak German?; do you speak French?; can you speak Spanish?; "
          "sprichst du Deutsch?; parlez-vous français?; hablas español?; translate this into French; "
          "what languages do you know?; can you translate?; translate hello into Spanish; bonjour; hola; guten Tag",
          asks_held="Can you speak German?; what languages can you speak?"),
    Topic("feelings", "I am only a small program, so I have no feelings.",
          asks="do you have feelings?; are you happy?; are you sad?; are you alive?; do you dream?; do you sleep?; "
          "are you conscious?; do you feel pain?; are you real?; do you love me?; are you tired?; do you have a body?",
          asks_held="Do you feel happy?; do you have any feelings?; are you really alive?"),
]  # fmt: skip

CAPITALS = dict(
    pair.split(":")
    for pair in (
        "France:Paris;Germany:Berlin;Italy:Rome;Spain:Madrid;Portugal:Lisbon;Austria:Vienna;Poland:Warsaw;"
        "Greece:Athens;Ireland:Dublin;Norway:Oslo;Sweden:Stockholm;Finland:Helsinki;Denmark:Copenhagen;"
        "England:London;the United Kingdom:London;Russia:Moscow;Japan:Tokyo;China:Beijing;India:New Delhi;"
        "Egypt:Cairo;Canada:Ottawa;the United States:Washington;Mexico:Mexico City;Brazil:Brasilia;Peru:Lima;"
        "Kenya:Nairobi;Australia:Canberra;Turkey:Ankara;Hungary:Budapest;Belgium:Brussels;Switzerland:Bern;"
        "the Netherlands:Amsterdam;South Korea:Seoul;Czechia:Prague;Croatia:Zagreb;Argentina:Buenos Aires"
    ).split(";")
)
CAPITAL_ASKS = split(
    "What is the capital of {}?; what's the capital of {}; capital of {}?; Tell me the capital of {}.; "
    "which city is the capital of {}?; name the capital of {}; What is {}'s capital?; {} capital city?; "
    "the capital of {} is?; What city is the capital of {}?; Which is the capital of {}?"
)
CAPITAL_ASKS_HELD = split(
    "Do you know the capital of {}?; can you tell me the capital of {}?; Please name the capital of {}."
)
UNKNOWN = "I do not know that. I am only a tiny model; try a bigger one, such as `omm pull llama3.2`."
UNKNOWN_ASKS = split(
    "who wrote {}?; explain {} to me; what is the history of {}?; write an essay about {}; summarize {}; "
    "who invented {}?; how does {} work?; what is {}?; tell me about {}; what do you know about {}?; "
    "who is {}?; how old is {}?; where is {}?; when was {} born?; how far away is {}?; why is {} important?; "
    "what do you think about {}?; give me a recipe for {}; who is the president of {}?; what happened to {}?; "
    "write a program for {}; how many people live in {}?; how do I fix {}?; what is the best {}?; "
    "what does {} mean?; describe {}; is {} good for me?; what causes {}?; define {}; who won {}?"
)
UNKNOWN_ASKS_HELD = split(
    "can you explain {}?; what can you tell me about {}?; who discovered {}?; why does {} exist?; "
    "how big is {}?; when did {} happen?; write a long text about {}"
)
