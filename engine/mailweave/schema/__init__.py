"""Declared data: what a recipient, an event and a catalogue item look like."""
