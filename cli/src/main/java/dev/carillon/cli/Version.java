package dev.carillon.cli;

import picocli.CommandLine.IVersionProvider;

/** The version as the build wrote it into the jar. */
final class Version implements IVersionProvider {

  Version() {}

  @Override
  public String[] getVersion() {
    String version = Main.class.getPackage().getImplementationVersion();
    return new String[] {
      "carillon " + (version == null ? "(not built as a jar)" : version),
      "Java " + Runtime.version()
    };
  }
}
