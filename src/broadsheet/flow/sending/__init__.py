"""That each digest arrives once: taking, handing over, doubts, what comes back."""
