package dev.carillon.analytics;

import dev.carillon.http.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends operations in one request and notes on each what became of it. Cuts what is too large or
 * not valid as a whole into halves, and goes on one by one where the service has no batch endpoint,
 * for which it looks again now and then. Where operations are tried until they are accepted, it
 * leaves those that would overtake one that is to be tried again. Used by one sender at a time.
 */
final class BatchSender {

  private static final System.Logger log = System.getLogger(BatchSender.class.getName());
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int TOO_LARGE = 413;
  private static final int UNPROCESSABLE = 422;
  private static final int LANES = 16;

  /**
   * So many lists go one by one before a batch is tried again: something may only have been away.
   */
  private static final int LISTS_ONE_BY_ONE = 100;

  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private final Requests requests;
  private final boolean keepsTrying;
  private volatile int maxBytes;
  private final AtomicInteger listsOneByOne = new AtomicInteger();
  private volatile boolean stopped;

  BatchSender(Requests requests, int maxBytes, boolean keepsTrying) {
    this.requests = requests;
    this.maxBytes = maxBytes;
    this.keepsTrying = keepsTrying;
  }

  /**
   * How large a request should be at most; less than at first after the service found one large.
   */
  int maxBytes() {
    return maxBytes;
  }

  /** Whether an answer is about what was sent, so that the same will never be accepted. */
  private static boolean isRefusal(AnalyticsException failure) {
    return switch (failure.status()) {
      case BAD_REQUEST, TOO_LARGE, UNPROCESSABLE -> true;
      default -> false;
    };
  }

  private static boolean isAbsent(AnalyticsException failure) {
    return failure.status() == NOT_FOUND || failure.status() == METHOD_NOT_ALLOWED;
  }

  /**
   * Sends operations.
   *
   * @return a future that completes, never exceptionally, when each that was sent has its outcome
   *     noted
   */
  CompletableFuture<Void> deliver(List<Pending> operations) {
    if (operations.isEmpty() || stopped) {
      return DONE;
    }
    if (listsOneByOne.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return deliverOneByOne(operations);
    }
    int size = operations.stream().mapToInt(operation -> operation.size() + 1).sum() + 1;
    Call call;
    try {
      call =
          requests.compression().apply(Call.post(Paths.BATCH), size, out -> write(operations, out));
    } catch (IOException e) {
      List<Pending> left = operations.stream().filter(each -> !giveUpIfLost(each)).toList();
      if (left.size() < operations.size()) {
        return deliver(left);
      }
      AnalyticsException failure = unreadable(e);
      operations.forEach(operation -> operation.failed(failure));
      return DONE;
    }
    return submit(call, answer -> BatchAnswer.refusals(Envelope.whole(answer), operations.size()))
        .handle((refusals, error) -> settle(operations, size, refusals, error))
        .thenCompose(this::deliverInTurn);
  }

  private CompletableFuture<Void> deliverInTurn(List<List<Pending>> parts) {
    CompletableFuture<Void> done = DONE;
    List<Pending> last = List.of();
    for (List<Pending> part : parts) {
      List<Pending> before = last;
      done = done.thenCompose(nothing -> mayFollow(before) ? deliver(part) : DONE);
      last = part;
    }
    return done;
  }

  private boolean mayFollow(List<Pending> before) {
    return !keepsTrying || before.stream().noneMatch(Pending::isUndecided);
  }

  /** Sends nothing more, and gives up what is under way. */
  void stop() {
    stopped = true;
    requests.giveUp(this, "the buffer was closed");
  }

  private <T> CompletableFuture<T> submit(Call call, Function<Answer, T> decode) {
    CompletableFuture<T> answer = requests.submit(call, decode, this);
    if (stopped) {
      stop(); // it may have been stopped in between
    }
    return answer;
  }

  private static void write(List<Pending> operations, OutputStream out) throws IOException {
    char separator = '[';
    for (Pending operation : operations) {
      out.write(separator);
      out.write(operation.payload().bytes());
      separator = ',';
    }
    out.write(']');
  }

  /** Notes what became of operations; returns those that are to be sent in another way. */
  private List<List<Pending>> settle(
      List<Pending> operations,
      int size,
      @Nullable List<@Nullable String> refusals,
      @Nullable Throwable error) {
    if (refusals != null) {
      return noteEach(operations, refusals);
    }
    AnalyticsException failure =
        AnalyticsException.of(error == null ? new IllegalStateException("no answer") : error);
    if (isAbsent(failure)) {
      log.log(
          System.Logger.Level.INFO,
          "no batches are taken (HTTP {0}), so events go one by one for a while",
          failure.status());
      listsOneByOne.set(LISTS_ONE_BY_ONE);
      return List.of(operations);
    }
    if (failure.status() == TOO_LARGE) {
      maxBytes = Math.min(maxBytes, Math.max(1, size / 2));
    }
    if (!isRefusal(failure)) {
      operations.forEach(operation -> operation.failed(failure));
      return List.of();
    }
    List<@Nullable String> each = BatchAnswer.refusalsOfAll(failure.body(), operations.size());
    if (!each.isEmpty()) {
      return noteEach(operations, each);
    }
    if (operations.size() == 1) {
      operations.get(0).refused(failure);
      return List.of();
    }
    int middle = operations.size() / 2;
    return List.of(operations.subList(0, middle), operations.subList(middle, operations.size()));
  }

  /** The batch endpoint is the hub's, which keeps our ids. */
  private static List<List<Pending>> noteEach(
      List<Pending> operations, List<@Nullable String> refusals) {
    for (int i = 0; i < operations.size(); i++) {
      Pending operation = operations.get(i);
      String refusal = refusals.get(i);
      if (refusal == null) {
        operation.accepted(operation.id());
      } else {
        operation.refused(Refusals.ofEntry(operation.id(), refusal));
      }
    }
    return List.of();
  }

  /** Some at a time, but those of one event one after another. */
  private CompletableFuture<Void> deliverOneByOne(List<Pending> operations) {
    List<CompletableFuture<Void>> lanes = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      int number = lane;
      lanes.add(
          deliverLane(
              operations.stream()
                  .filter(each -> Math.floorMod(each.id().hashCode(), LANES) == number)
                  .toList(),
              0));
    }
    return CompletableFuture.allOf(lanes.toArray(CompletableFuture<?>[]::new));
  }

  private CompletableFuture<Void> deliverLane(List<Pending> lane, int from) {
    if (from == lane.size() || stopped) {
      return DONE;
    }
    // on another thread: a lane that fails at once would go deeper with each operation
    return deliverAlone(lane.get(from))
        .thenComposeAsync(
            done -> mayFollow(lane.subList(from, from + 1)) ? deliverLane(lane, from + 1) : DONE,
            requests.threads());
  }

  private CompletableFuture<Void> deliverAlone(Pending operation) {
    Call call;
    try {
      byte[] body = operation.payload().bytes();
      String path = Paths.event(operation.id());
      call =
          switch (operation.operation()) {
            case CREATE -> Call.post(Paths.EVENT, body);
            case UPDATE -> Call.put(path, body);
            case DELETE -> Call.delete(path);
          };
    } catch (IOException e) {
      if (!giveUpIfLost(operation)) {
        operation.failed(unreadable(e));
      }
      return DONE;
    }
    return submit(call, answer -> Envelope.ofSuccess(answer).idOr(operation.id()))
        .handle(
            (id, error) -> {
              if (error == null) {
                operation.accepted(id);
                return Optional.<AnalyticsException>empty();
              }
              return Optional.of(AnalyticsException.of(error));
            })
        .thenCompose(failure -> failure.map(why -> noteAlone(operation, why)).orElse(DONE));
  }

  private CompletableFuture<Void> noteAlone(Pending operation, AnalyticsException failure) {
    // where there is not even a path to create events, the address is wrong
    boolean absent = isAbsent(failure) && operation.operation() != Operation.CREATE;
    if (absent && keepsTrying && !Envelope.is(failure.body())) {
      return requests.isWell().thenAccept(well -> note(operation, failure, well));
    }
    note(operation, failure, absent || isRefusal(failure));
    return DONE;
  }

  private static void note(Pending operation, AnalyticsException failure, boolean forGood) {
    if (forGood) {
      operation.refused(failure);
    } else {
      operation.failed(failure); // what stands in for the service, as a gateway does, may go away
    }
  }

  /** Whether an operation can never be read; it is refused then, so that the others go on. */
  private static boolean giveUpIfLost(Pending operation) {
    try {
      byte[] unused = operation.payload().bytes();
      return false;
    } catch (LostPayloadException e) {
      String name = operation.operation().wireName();
      String what = "the " + name + " of event " + operation.id() + " is lost: " + e.getMessage();
      log.log(System.Logger.Level.WARNING, what);
      operation.refused(AnalyticsException.unanswered(what, false, e));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static AnalyticsException unreadable(IOException why) {
    return AnalyticsException.unanswered("cannot read the spill: " + why, true, why);
  }
}
