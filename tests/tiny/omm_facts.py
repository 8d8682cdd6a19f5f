"""What `tiny` knows about omm."""

from __future__ import annotations

from topics import Topic

OMM = [
    Topic("listing models", "Use `omm list` to see all models on this computer, with their size and date.",
          "list my models; list models; list all models; see my models; see which models I have; show my models; "
          "list the installed models; show all installed models; find out which models are installed; "
          "display my models; see what models are on my computer; get a list of models; "
          "view the models I downloaded; print all models; list the downloaded models; check which models I have",
          "list every model I have; see all my models; show the models on this computer; "
          "list the models that are installed",
          "which models do I have?; What models are installed?; list models; show models; what models do i have; "
          "which models are on my machine?; what does omm list do?; What is omm list for?; "
          "Where can I see my models?; do I have any models?; my models?; What have I downloaded?; "
          "which models are available here?",
          "What models do I have on this computer?; which models are installed here?; Where do I see all my models?; "
          "show me which models I have"),
    Topic("pulling a model", "Use `omm pull llama3.2` to download a model; put the name you want after `omm pull`.",
          "pull a model; download a model; get a new model; install a model; fetch a model; download llama3.2; "
          "get another model; add a model; pull a new model; download models; get more models; install llama3.2; "
          "download another model; get a model from the hub; pull llama3.2",
          "download a new model; get a model; pull another model; install a new model",
          "what does omm pull do?; Where do I get models?; pull a model; how to get models; what is omm pull?; "
          "can I download other models?; how are models downloaded?; where can I find more models?; "
          "I need a new model.; download a model",
          "What is omm pull for?; can I install other models?; Where can I get more models?"),
    Topic("running a model", "Use `omm run tiny` to chat with a model; put the name of any model after `omm run`.",
          "run a model; start a model; chat with a model; talk to a model; use a model; run tiny; start chatting; "
          "start a chat; open a chat with a model; run llama3.2; execute a model; launch a model; run my model; "
          "ask a model a question; chat; begin a conversation; try a model; use llama3.2; talk to tiny",
          "chat with my model; run another model; start a conversation; talk to my model; launch tiny",
          "what does omm run do?; run a model; how does omm run work?; what is omm run?; i want to chat; "
          "how to chat?; can I chat with a model?; How do models run?",
          "What is omm run for?; can I talk to a model?; how to start a chat"),
    Topic("running models", "Use `omm ps` to see which models are loaded right now and how much memory they use.",
          "see running models; see which models are running; list running models; show loaded models; "
          "see what is loaded; check what is running; list the models in memory; find out which models are loaded; "
          "check the memory use of models; see how much memory a model uses; view running models; "
          "see the loaded models; show the models in memory; see active models",
          "show running models; list loaded models; see which models are loaded; check which models are running",
          "which models are running?; what is running?; what models are loaded?; what does omm ps do?; "
          "is a model loaded?; which models are in memory?; what is omm ps?; what's running now?; "
          "is any model running?; which model is loaded right now?",
          "What is omm ps for?; which models are loaded now?; is a model running right now?; "
          "what models are in memory?"),
    Topic("showing a model", "Use `omm show tiny` to see a model's parameters, template, license and context length.",
          "show details of a model; see the details of a model; inspect a model; see the template of a model; "
          "see a model's parameters; show model details; find the license of a model; "
          "see the context length of a model; learn more about a model; look at a model; see the license; "
          "view the details of tiny; get information about a model; see the Modelfile of a model; show one model",
          "show the details of tiny; see information about a model; view a model's template; inspect tiny",
          "what does omm show do?; what is omm show?; where do I see a model's template?; "
          "Where are the parameters of a model?; what is the context length of a model?; "
          "which license does a model have?",
          "What is omm show for?; where can I see the license of a model?"),
    Topic("copying a model", "Use `omm cp tiny mymodel` to copy a model to a new name.",
          "copy a model; duplicate a model; make a copy of a model; copy tiny; rename a model; "
          "give a model another name; clone a model; copy a model to a new name; give a model a new name; "
          "make a second copy of a model; copy models; save a model under another name",
          "copy my model; make a copy of tiny; duplicate my model; clone tiny",
          "what does omm cp do?; what is omm cp?; can I copy a model?; can models be copied?; "
          "Can I rename a model?; copy a model",
          "What is omm cp for?; can I duplicate a model?; can I clone a model?"),
    Topic("removing a model", "Use `omm rm tiny` to remove a model from this computer and free its disk space.",
          "remove a model; delete a model; erase a model; get rid of a model; uninstall a model; "
          "delete a model from disk; free disk space; remove old models; delete models; remove models; "
          "throw away a model; remove tiny; delete llama3.2; clean up models; wipe a model; drop a model",
          "delete my model; remove an old model; erase tiny; get rid of an old model; uninstall my model",
          "what does omm rm do?; what is omm rm?; can I delete a model?; remove a model; delete a model; "
          "my disk is full of models; I no longer need a model.; how are models deleted?",
          "What is omm rm for?; can I remove a model?; I do not need a model any more."),
    Topic("stopping a model", "Use `omm stop tiny` to unload a model from memory at once.",
          "stop a model; unload a model; stop a running model; free memory; take a model out of memory; "
          "stop tiny; unload tiny; end a running model; shut down a model; free the memory of a model; "
          "halt a model; kill a running model; stop llama3.2; remove a model from memory",
          "stop my model; unload my model; unload a running model; free the memory",
          "what does omm stop do?; what is omm stop?; can I stop a model?; stop the model; "
          "my memory is full; can I unload a model?; a model uses too much memory",
          "What is omm stop for?; can I stop a running model?; can a model be unloaded?"),
    Topic("starting the server", "Use `omm serve` to start the server; it listens on http://127.0.0.1:11434.",
          "start the server; run the server; launch the server; start omm; serve models; "
          "start the omm server; open the server; bring up the server; run omm as a server; start the API; "
          "serve a model; start the service; turn on the server; boot the server",
          "launch the omm server; run the omm server; start up the server; turn the server on",
          "what does omm serve do?; what is omm serve?; the server is not running; is there a server?; "
          "start server; does omm have a server?; how to serve",
          "What is omm serve for?; does omm come with a server?; my server is not running"),
    Topic("creating a model", "Write a Modelfile and use `omm create mymodel -f Modelfile` to create your own model.",
          "create a model; make my own model; build a model; create my own model; make a custom model; "
          "make a new model; create a model from a Modelfile; use a Modelfile; customize a model; "
          "build a model from a Modelfile; create a custom model; make a model with a system prompt; "
          "define my own model; create a new model",
          "build my own model; create a customized model; make a model from a Modelfile",
          "what does omm create do?; what is omm create?; can I create my own model?; "
          "can I make a custom model?; how are models created?; i want my own model",
          "What is omm create for?; can I build my own model?; Can I customize a model?"),
    Topic("the Modelfile", "A Modelfile is a text file that describes a model: FROM names its base, and SYSTEM, "
          "TEMPLATE and PARAMETER set the rest.",
          "write a Modelfile; set a system prompt in a Modelfile; set parameters in a Modelfile",
          "make a Modelfile",
          "what is a Modelfile?; what's a modelfile?; what is in a Modelfile?; explain the Modelfile; "
          "What does a Modelfile look like?; what is the Modelfile for?; what does FROM mean in a Modelfile?; "
          "what goes into a Modelfile?; tell me about Modelfiles; what can a Modelfile do?",
          "What is the use of a Modelfile?; explain what a Modelfile is; what does a Modelfile contain?"),
    Topic("omm", "omm runs language models on your own computer, with a command line and a server that speaks the "
          "Ollama, OpenAI and Anthropic APIs.",
          "", "",
          "What is omm?; what's omm?; what does omm do?; what is omm for?; tell me about omm; explain omm; "
          "what can omm do?; describe omm; what is this program?; what is omm good for?; Who needs omm?; "
          "what kind of program is omm?; Can you explain what omm is?; What can I do with omm?; "
          "what does omm mean?; tell me what omm is; omm?; why omm?; introduce omm; What is the purpose of omm?; "
          "give me a short description of omm; what exactly is omm?; I do not know omm. What is it?",
          "Please explain what omm is.; Can you tell me what omm does?; What is the omm program?; "
          "describe omm in one sentence; What is omm used for?; so what is omm?"),
    Topic("who I am", "I am tiny, the small language model that ships with omm.",
          "", "",
          "who are you?; what are you?; What model are you?; what is your name?; what's your name?; "
          "which model is this?; who am I talking to?; are you a model?; introduce yourself; tell me about yourself; "
          "are you ChatGPT?; are you human?; are you a robot?; which model are you?; what are you called?; "
          "Who is this?; what model is this?; describe yourself; are you llama?; Who made you?; "
          "what is tiny?; who is tiny?; tell me about tiny; do you have a name?; say who you are; your name?",
          "What kind of model are you?; can you tell me who you are?; Please introduce yourself.; "
          "What should I call you?; are you a language model?"),
    Topic("my size", "I am a very small model of about three million parameters, so I know little and may be wrong.",
          "", "",
          "how big are you?; how many parameters do you have?; how large is tiny?; are you a big model?; "
          "are you smart?; how small are you?; what is your size?; How many parameters does tiny have?; "
          "how good are you?; do you make mistakes?; can I trust you?; are you clever?; are you intelligent?; "
          "how much do you know?; can you be wrong?",
          "How big is tiny?; how many parameters are in you?; are you a small model?; Do you know a lot?"),
    Topic("what I can do", "I can answer questions about omm, call tools, fill in JSON, add two numbers and hold a "
          "short chat.",
          "", "",
          "what can you do?; what are you good at?; what can I ask you?; how can you help me?; "
          "what are your skills?; What do you know?; can you help me?; help; what are you able to do?; "
          "What can tiny do?; give me an example of what you can do; what should I ask?; what are you for?; "
          "which things can you do?; I need help.",
          "What kinds of things can you do?; what can I ask tiny?; Can you tell me what you can do?; "
          "tell me what you can do"),
    Topic("the port", "The server listens on port 11434 of 127.0.0.1; set OMM_HOST to change that.",
          "change the port; use another port; change the address of the server; set the port",
          "set another port; change the server's port",
          "which port does omm use?; what port does the server use?; what is the default port?; "
          "what's the port?; on which port does omm listen?; where does the server listen?; "
          "what is the address of the server?; what is the URL of the API?; port?; "
          "which port is the server on?; what is the base URL?; which address does omm use?; port number of omm?",
          "What is the port of the server?; on what port is omm?; which port should I use?; "
          "Which URL does the server have?"),
    Topic("API keys", "Set OMM_API_KEY or start `omm serve --api-key KEY`; "
          "clients then send the key as a Bearer token.",
          "set an API key; protect the server with a key; use an API key; secure the server; add a password; "
          "require an API key; protect the API; protect my server; turn on authentication",
          "use a key for the server; set a key; secure my server",
          "do I need an API key?; does omm support API keys?; how do API keys work?; is there authentication?; "
          "what is OMM_API_KEY?; can I use an API key?; how to use api keys; is the server protected?; "
          "Which API key do I use?",
          "Is an API key needed?; can I protect the server with a key?; how does an API key work?"),
    Topic("the APIs", "omm speaks the Ollama API, the OpenAI API and the Anthropic API, all on the same port.",
          "call the API; use the API from a program; connect a client",
          "use the API",
          "which APIs does omm speak?; what APIs are there?; does omm support the OpenAI API?; "
          "does it work with the Anthropic API?; is omm compatible with Ollama?; which APIs are supported?; "
          "can I use the OpenAI client?; does omm have an API?; can I use the Ollama client?; "
          "which protocols does omm speak?; can I use Claude clients with omm?; is there an OpenAI endpoint?; "
          "what API does omm use?; does omm have a REST API?; is it compatible with OpenAI?",
          "Which APIs are supported by omm?; does omm work with the OpenAI API?; what APIs can I use?; "
          "Is omm compatible with Anthropic?; which protocols are supported?"),
    Topic("where models are stored", "Models are stored in the models folder of omm's data directory; set OMM_MODELS "
          "to use another folder.",
          "change where models are stored; move my models; store models on another disk; change the models folder; "
          "use another folder for models; put models in another folder",
          "change the folder of my models; store my models on another disk",
          "where are models stored?; where are my models?; where does omm keep models?; "
          "where does omm save models?; which folder holds the models?; where are the model files?; "
          "what is OMM_MODELS?; In which directory are models?; where do models go?; "
          "where are models saved?; where on disk are the models?; what is the models folder?",
          "Where does omm store my models?; in which folder are my models?; where are downloaded models kept?"),
    Topic("keep_alive", "A model stays in memory for five minutes after its last use; keep_alive changes that, and -1 "
          "keeps it loaded.",
          "keep a model loaded; keep a model in memory; change how long a model stays loaded; set keep_alive; "
          "keep a model loaded forever",
          "keep my model loaded; keep tiny in memory",
          "what is keep_alive?; how long does a model stay loaded?; how long do models stay in memory?; "
          "what does keep_alive do?; when is a model unloaded?; why is my model unloaded?; keep alive?; "
          "explain keep_alive; how does keep_alive work?; when does a model leave memory?; "
          "how long is a model kept in memory?",
          "What is keep_alive for?; how long is a model loaded?; when are models unloaded?"),
    Topic("embeddings", "Send text to /api/embed or /v1/embeddings to get embeddings, which are vectors that stand for "
          "meaning.",
          "get embeddings; make embeddings; create embeddings; compute embeddings; embed text; embed a sentence; "
          "turn text into a vector",
          "get an embedding; embed my text; compute an embedding",
          "what are embeddings?; does omm support embeddings?; what is an embedding?; embeddings?; "
          "can omm make embeddings?; which endpoint makes embeddings?; are there embeddings?; "
          "how do embeddings work?; What is /api/embed?",
          "Does omm have embeddings?; what are embeddings in omm?; can I get embeddings?"),
    Topic("leaving the chat", "Type /bye or press Ctrl+D to leave the chat.",
          "quit the chat; leave the chat; exit the chat; quit; exit; close the chat; end the chat; stop chatting; "
          "end the session; get out of here; leave; exit omm; quit omm; end this conversation; log out",
          "exit this chat; leave this chat; end the conversation; close this chat",
          "how to quit; what does /bye do?; how to exit?; how do I get out?; what is /bye?; exit; quit; "
          "how do i leave",
          "What is /bye for?; how do I quit this?; how can I get out of the chat?"),
    Topic("help", "Use `omm --help` to see all commands, or `omm run --help` for one of them.",
          "get help; see all commands; list the commands; learn the commands; see the help; find all commands; "
          "get help for a command; see the options of a command; read the manual",
          "see the list of commands; get help on a command; show all commands",
          "which commands are there?; what commands does omm have?; list all commands; where is the help?; "
          "is there a manual?; what are the commands of omm?; is there documentation?; show all omm commands; "
          "what commands can I use?",
          "Which commands does omm have?; where can I find help?; what are all the commands?"),
    Topic("the version", "Use `omm --version` to see which version of omm you have.",
          "see the version; check the version of omm; find out my version; get the version; know which version I have; "
          "show the version number; print the version",
          "show the version; see which version I have",
          "which version of omm is this?; what version do I have?; version?; what's the version?; "
          "what version of omm is installed?; which version am I using?; omm version",
          "What version is this?; which omm version do I have?"),
    Topic("installing omm", "Run `./install.sh` in omm's folder; it builds omm for your machine and puts `omm` on your "
          "PATH.",
          "install omm; set up omm; install it; get omm on my machine; build omm; install the program; set it up; "
          "install omm on Linux; put omm on my computer",
          "get omm installed; install omm on my computer; set omm up",
          "how is omm installed?; where is the installer?; installation?; what does install.sh do?; "
          "what do I need to install omm?; is omm easy to install?",
          "How does the installation work?; how can omm be installed?"),
    Topic("uninstalling omm", "Run `./install.sh --uninstall` to remove omm; your models stay where they are.",
          "uninstall omm; remove omm; delete omm; remove omm from my computer; get rid of omm; uninstall the program; "
          "deinstall omm",
          "remove omm from this machine; uninstall omm from my computer",
          "can I uninstall omm?; how is omm removed?; what happens to my models when I uninstall omm?; uninstall omm",
          "can omm be uninstalled?; how is omm uninstalled?"),
    Topic("Hugging Face", "Use `omm pull hf.co/user/repo` to get a GGUF model from Hugging Face; "
          "add `:Q4_K_M` to choose "
          "a quantization.",
          "get a model from Hugging Face; pull from Hugging Face; download from Hugging Face; "
          "use a Hugging Face model; run a model from Hugging Face; pull a model from huggingface; "
          "choose a quantization; use hf.co",
          "download a Hugging Face model; pull a model from Hugging Face",
          "does omm work with Hugging Face?; can I use models from Hugging Face?; hugging face?; "
          "are Hugging Face models supported?; can omm pull from Hugging Face?; what is hf.co?",
          "can I download models from Hugging Face?; does omm support Hugging Face?"),
    Topic("local GGUF files", "Use `omm pull ./model.gguf` to add a GGUF file from your disk, or name it in a "
          "Modelfile "
          "with FROM.",
          "use a local GGUF file; import a GGUF file; add a GGUF file; load my own GGUF; use a file from my disk; "
          "run a GGUF file; import a model file; use my own gguf; add a local model file",
          "import my GGUF file; use my own GGUF file; load a GGUF file",
          "can I use my own GGUF?; does omm read GGUF files?; are local files supported?; can I import a GGUF file?; "
          "I have a GGUF file.; does omm support gguf?",
          "Can omm load a GGUF file?; can I use a GGUF file from my disk?"),
    Topic("GGUF", "GGUF is a file format that holds a model's weights, vocabulary and settings in one file.",
          "", "",
          "what is GGUF?; what's a gguf?; what does GGUF mean?; explain GGUF; what is a GGUF file?; "
          "What is in a GGUF file?; which file format do models have?; tell me about GGUF; "
          "what format do models use?",
          "Can you explain GGUF?; what are GGUF files?; what is the GGUF format?"),
    Topic("quantization", "Quantization stores a model's weights with fewer bits, so that it needs less memory and "
          "runs "
          "faster.",
          "", "",
          "what is quantization?; what does quantized mean?; explain quantization; what is Q4_K_M?; what is Q8_0?; "
          "why are models quantized?; what does Q4 mean?; what is a quantized model?; "
          "what does quantization do?; tell me about quantization",
          "Can you explain quantization?; why would I quantize a model?; what are quantized models?"),
    Topic("thinking", "Use `omm run tiny --think` to let a model think before it answers, or `--think=false` to turn "
          "that off.",
          "turn on thinking; turn off thinking; make a model think; enable thinking; disable thinking; "
          "stop the model from thinking; let the model think",
          "switch on thinking; turn thinking off",
          "what is thinking?; what does --think do?; can models think?; how does thinking work?; "
          "Can you think?; do you think before you answer?; what is think mode?",
          "can tiny think?; what does thinking do?"),
    Topic("tools", "Send a list of tools with your chat request; the model answers with a tool call, and you send the "
          "result back.",
          "use tools; give a model tools; call tools; use function calling; let a model call a function; "
          "add tools to a request",
          "use tool calling; give tools to a model",
          "does omm support tools?; can you call tools?; what is tool calling?; how do tools work?; "
          "is function calling supported?; can models call functions?; what are tools?; tools?; "
          "does omm support function calling?",
          "Does omm have tool calling?; can a model use tools?; how does tool calling work?"),
    Topic("JSON output", "Set `format` to \"json\" or to a JSON schema in your request, and the answer will be "
          "valid JSON.",
          "get JSON output; force JSON; get JSON answers; make the model answer in JSON; use a JSON schema; "
          "get structured output; use structured outputs",
          "make a model answer in JSON; get an answer as JSON",
          "does omm support JSON mode?; what are structured outputs?; can I get JSON?; is there a JSON mode?; "
          "what is the format option?; can omm follow a JSON schema?; does omm support structured output?",
          "Is JSON output supported?; can I use a JSON schema?"),
    Topic("the system prompt", "Use `/set system TEXT` in the chat, or SYSTEM in a Modelfile, to set the system "
          "prompt.",
          "set a system prompt; change the system prompt; give the model a role; set the system message; "
          "use a system prompt; give instructions to the model",
          "set the system prompt; change the system message",
          "what is a system prompt?; where do I put the system prompt?; can I set a system prompt?; system prompt?; "
          "what is the system message?",
          "Can I change the system prompt?; where does the system prompt go?"),
    Topic("GPUs", "omm uses your GPU when it finds one, and puts as many layers on it as fit; else it runs on the CPU.",
          "use my GPU; run on the GPU; use a graphics card; run models on my graphics card; enable the GPU",
          "use the GPU; run a model on my GPU",
          "does omm use the GPU?; do I need a GPU?; can it run without a GPU?; is a GPU needed?; "
          "does omm run on the CPU?; is CUDA supported?; which GPUs are supported?; does omm support Metal?; gpu?; "
          "can I run omm without a graphics card?",
          "Does omm need a GPU?; can omm use my GPU?; is a graphics card needed?"),
    Topic("the internet", "No, omm runs models on your own computer; you need the internet only to pull new models.",
          "", "",
          "does omm need the internet?; does omm work offline?; do I need an internet connection?; "
          "does omm send my data anywhere?; is my data private?; is omm private?; do you send data to the cloud?; "
          "does omm use the cloud?; are my chats sent to a server?; can I use omm without internet?; "
          "does tiny need the internet?; do you work offline?",
          "Can omm be used offline?; is an internet connection needed?; do my chats leave my computer?"),
    Topic("the price", "omm is free and open source, under the MIT license.",
          "", "",
          "how much does omm cost?; is omm free?; what does omm cost?; do I have to pay?; is it open source?; "
          "what is the license of omm?; is omm open source?; which license does omm have?; do I need to pay for omm?; "
          "is omm free of charge?; price?; under which license is omm?",
          "Is omm free to use?; does omm cost money?; what license does omm use?; is omm free software?"),
    Topic("the context length", "Use `/set parameter num_ctx 4096` in the chat, or num_ctx in a request, to change the "
          "context length.",
          "change the context length; set num_ctx; use a longer context; increase the context; "
          "change the context size; get a bigger context window; make the context larger",
          "increase the context length; set the context size",
          "what is num_ctx?; how long is the context?; what is the context length?; what does num_ctx do?; "
          "what is a context window?; can I change the context length?",
          "What is num_ctx for?; can the context be longer?"),
    Topic("temperature", "Temperature sets how random the answers are: 0 gives the same answer each time, higher "
          "values "
          "vary more.",
          "", "",
          "what is temperature?; what does temperature do?; explain temperature; what is the temperature option?; "
          "how do I make answers less random?; how do I get the same answer each time?; "
          "which temperature should I use?; why do answers differ each time?; what does the temperature setting do?",
          "What is the temperature for?; can you explain temperature?; how random are the answers?"),
    Topic("many users", "Yes, the server answers many requests at the same time; OMM_NUM_PARALLEL sets how many.",
          "", "",
          "can omm serve many users?; does omm support parallel requests?; how many requests can the server handle?; "
          "can several people use the server?; does the server handle many requests?; "
          "what is OMM_NUM_PARALLEL?; can I send several requests at once?; is it multi user?; "
          "can it answer requests at the same time?",
          "Can many users use the server?; does the server answer parallel requests?"),
    Topic("Python", "Use the `ollama` or `openai` Python package and point it at http://127.0.0.1:11434.",
          "use omm from Python; call omm from Python; use it in a Python program; use omm in my code; "
          "connect from Python; write a Python program that uses omm; use the Python client",
          "call a model from Python; use omm in Python",
          "does omm work with Python?; is there a Python library?; can I use omm with Python?; "
          "is there a Python client?; which Python package do I use?",
          "Can I call omm from Python?; does omm have a Python client?"),
    Topic("images", "I cannot see images; pull a vision model such as `omm pull gemma3` for that.",
          "use images; send an image to a model; show you a picture; describe an image",
          "send a picture to a model",
          "can you see images?; can you read pictures?; do you understand images?; can you look at a photo?; "
          "does tiny support images?; are you a vision model?; what is in this image?",
          "Can you look at a picture?; can tiny see images?"),
    Topic("pushing a model", "Use `omm push name/model` to upload your model to a registry.",
          "push a model; upload a model; share a model; publish a model; upload my model; share my model",
          "publish my model; push my model",
          "what does omm push do?; can I share a model?; can I upload models?; what is omm push?",
          "What is omm push for?; can I publish a model?"),
    Topic("multi-line input", "Begin and end your text with three double quotes to write several lines.",
          "write several lines; enter more than one line; type a multi-line message; use multiple lines; "
          "enter a long text; paste several lines",
          "type several lines; enter multiple lines",
          "how to write multiline?; can I write more than one line?; is multi-line input possible?; multiline?",
          "Can I enter several lines?"),
    Topic("clearing the chat", "Type /clear to forget the conversation so far and start anew.",
          "clear the chat; forget the conversation; start over; reset the chat; clear the context; "
          "reset the conversation; start a new chat; delete the chat history",
          "clear the conversation; reset this chat",
          "what does /clear do?; what is /clear?; forget everything; can you forget this conversation?; start over",
          "What is /clear for?; can I start over?"),
    Topic("slow answers", "Try a smaller or more quantized model, close other programs, or use a GPU.",
          "make it faster; speed up omm; make models faster; get faster answers; speed up a model",
          "make a model faster; speed up answers",
          "why is it slow?; why is my model slow?; it is too slow; my model is very slow; "
          "why does it take so long?; omm is slow; answers are slow",
          "Why are the answers so slow?; my model is too slow"),
    Topic("which model to choose", "Try `omm pull llama3.2` on a small computer, or a bigger model such as "
          "`omm pull qwen3` if you have the memory.",
          "choose a model; pick a model; find a good model; choose the right model",
          "choose a good model",
          "which model should I use?; what model is best?; which model is good?; can you recommend a model?; "
          "what is a good model?; which model do you recommend?; recommend a model; what model should I download?; "
          "which bigger model should I use?",
          "Which model would you recommend?; what is the best model?; what model should I pull?"),
]  # fmt: skip
