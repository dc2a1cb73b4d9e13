"""The runtime of scripts that vlc compiled."""
