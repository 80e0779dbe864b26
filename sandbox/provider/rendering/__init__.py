"""Make the pixels: images, clips, and what a clip really is."""
