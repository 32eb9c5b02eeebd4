"""Who is it? The crafts of proving it: secrets, mail addresses, other sites' word, passkeys."""
