"""What programs subscribe to, joined from what is kept ready of each meeting."""
