"""vlc: an ahead-of-time compiler for VoxLogicA's image query language."""
