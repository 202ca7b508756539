package dev.carillon.hub.server;

/** The caller got something wrong; carries the answer. */
final class BadRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  BadRequestException(Problem problem) {
    super(problem.detail(), null, false, false); // an answer, not a fault: no stack trace
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
