package dev.carillon.architecture.wrong.manners;

import java.util.logging.Logger;

class LogsElsewhere {
  final Logger log = Logger.getLogger("elsewhere");
}
