"""Speech to text: sound in, words with their times out, by a service or by a model on this machine."""
