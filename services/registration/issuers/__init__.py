"""Identity providers where organisers sign in: OpenID Connect, its tokens judged, its keys kept fresh."""
