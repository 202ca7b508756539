package dev.carillon.dataservices;

import dev.carillon.http.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Where calls go in. Thread-safe. */
interface Door {

  /** Sends a call now or later; its result always comes. What it throws was not sent. */
  <T> CompletableFuture<T> submit(Call call, Function<Answer, T> decode);
}
