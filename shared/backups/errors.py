"""What can keep a copy from being made or put back."""


class BackupError(Exception):
    """It was not done, and nothing was changed; the text is one sentence for who runs the program."""
