"""The command line. Talks to a server over HTTP only; knows nothing of engines and stores."""
