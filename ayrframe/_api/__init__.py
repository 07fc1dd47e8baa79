"""The wire: who asks, how a request is sent, what an answer means, when to ask again. Posts are not known here."""
