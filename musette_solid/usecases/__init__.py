"""One verb a module: what a person or a program can do, joining the domain and the pod. Knows neither Flask nor click."""
