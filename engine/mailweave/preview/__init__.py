"""The author's desk: a campaign in the browser, new at every save, with the reasons for what it shows."""
