"""What /help says."""

from __future__ import annotations

HELP = """\
Available Commands:
  /set            Set session variables
  /show           Show model information
  /load <model>   Load a session or model, or a conversation from FILE.json
  /save <model>   Save your current session, or the conversation to FILE.json
  /list           List models
  /model <model>  Go on with another model
  /clear          Clear session context
  /retry          Ask the last question again
  /edit           Change the last question and ask it again
  /undo           Remove the last question and its answer
  /system [text]  Show or set the system message
  /file <path>    Attach a text to the next message
  /image <path>   Attach an image to the next message
  /tools [how]    List the tools of --mcp; on <name> or off <name> switches one
  /tokens         Show what fills the context
  /stats          Show what the answers took
  /think [how]    Show the last thinking; fold or unfold what comes
  /copy           Copy the last answer to the clipboard
  /export <file>  Write the conversation to FILE.md or FILE.json
  /bye            Exit
  /?, /help       Help for a command
  /? shortcuts    Help for keyboard shortcuts

Use \"\"\" to begin a multi-line message.
Use /path/to/file to include .jpg, .png, .webp images, or .wav audio files
(multimodal models only).
"""
HELP_SET = """\
Available Commands:
  /set parameter ...     Set a parameter
  /set system <string>   Set system message
  /set history           Enable history
  /set nohistory         Disable history
  /set markdown          Show answers formatted
  /set nomarkdown        Show answers as the model writes them
  /set wordwrap          Enable wordwrap
  /set nowordwrap        Disable wordwrap
  /set format json       Enable JSON mode
  /set noformat          Disable formatting
  /set verbose           Show LLM stats
  /set quiet             Disable LLM stats
  /set think [level]     Enable thinking: low, medium, high or max
  /set nothink           Disable thinking
"""
HELP_SHOW = """\
Available Commands:
  /show info         Show details for this model
  /show license      Show model license
  /show modelfile    Show Modelfile for this model
  /show parameters   Show parameters for this model
  /show system       Show system message
  /show template     Show prompt template
"""
HELP_PARAMETER = """\
Available Parameters:
  /set parameter seed <int>             Random number seed
  /set parameter num_predict <int>      Max number of tokens to predict
  /set parameter top_k <int>            Pick from top k num of tokens
  /set parameter top_p <float>          Pick token based on sum of probabilities
  /set parameter min_p <float>          Least share of the top's probability
  /set parameter num_ctx <int>          Set the context size
  /set parameter temperature <float>    Set creativity level
  /set parameter repeat_penalty <float> How strongly to penalize repetitions
  /set parameter repeat_last_n <int>    Set how far back to look for repetitions
  /set parameter num_gpu <int>          The number of layers to send to the GPU
  /set parameter stop <string> ...      Set the stop strings
"""
HELP_SHORTCUTS = """\
Available keyboard shortcuts:
  Ctrl + a            Move to the beginning of the line (Home)
  Ctrl + e            Move to the end of the line (End)
   Alt + b            Move back one word
   Alt + f            Move forward one word
  Ctrl + k            Delete the sentence after the cursor
  Ctrl + u            Delete the sentence before the cursor
  Ctrl + w            Delete the word before the cursor
  Ctrl + r            Search the history, this model's part of it first
  Ctrl + t            Fold or unfold the thinking, or show the last one
  Ctrl + g            Write in your editor ($OMM_EDITOR, $VISUAL or $EDITOR)
   Alt + Enter        Start a new line
   Tab                Complete commands, models, files and parameters

  Ctrl + l            Clear the screen
  Ctrl + c            Stop the model from responding
  Ctrl + d            Exit (/bye)
"""
HELP_TOPICS = {"set": HELP_SET, "show": HELP_SHOW, "shortcut": HELP_SHORTCUTS, "shortcuts": HELP_SHORTCUTS}
