"""What a video or image vendor can be asked, and the wire format of each vendor."""
