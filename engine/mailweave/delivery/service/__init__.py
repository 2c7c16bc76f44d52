"""The service over HTTP: campaigns of a folder, decided and rendered for whoever asks (docs/service.md)."""
