// Whoever comes back from an identity provider need not press the button.
document.getElementById("came-back").requestSubmit();
