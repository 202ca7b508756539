package dev.carillon.architecture.wrong.manners;

class HttpClientHelper {}
