package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.HubProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A place for a hub's data that fills up soon, and in which room can be made. */
interface SmallDisk extends AutoCloseable {

  /** The kinds of small disk that this machine lets a test make; at least one. */
  static List<SmallDisk> kinds(Path folder) throws Exception {
    SmallDisk limit = new FileSizeLimit(Files.createDirectory(folder.resolve("limited")));
    Path mounted = Files.createDirectory(folder.resolve("mounted"));
    String[] mount = {"mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", mounted.toString()};
    return exitCode(mount) == 0 ? List.of(new MemoryDisk(mounted), limit) : List.of(limit);
  }

  /** The folder for the hub's data. */
  Path data();

  /** Has the disk of a hub that has just started be a small one. */
  void confine(HubProcess hub) throws Exception;

  /** Makes room again. */
  void makeRoom(HubProcess hub) throws Exception;

  @Override
  void close() throws Exception;

  /**
   * A file system of 64 MiB, two thirds of it taken: what the rest holds twice fits once that goes.
   */
  final class MemoryDisk implements SmallDisk {
    private final Path mounted;
    private final Path ballast;

    MemoryDisk(Path mounted) throws IOException {
      this.mounted = mounted;
      this.ballast = Files.write(mounted.resolve("ballast"), new byte[44 << 20]);
    }

    @Override
    public Path data() {
      return mounted;
    }

    @Override
    public void confine(HubProcess hub) {
      // it is small from the beginning
    }

    @Override
    public void makeRoom(HubProcess hub) throws IOException {
      Files.delete(ballast);
    }

    @Override
    public void close() throws Exception {
      assertThat(exitCode("umount", mounted.toString())).isZero();
    }

    @Override
    public String toString() {
      return "a small file system";
    }
  }

  /** A limit on how large a file the hub's process may write. */
  final class FileSizeLimit implements SmallDisk {
    private final Path folder;

    FileSizeLimit(Path folder) {
      this.folder = folder;
    }

    @Override
    public Path data() {
      return folder.resolve("data");
    }

    @Override
    public void confine(HubProcess hub) throws Exception {
      limit(hub, "1:unlimited");
    }

    @Override
    public void makeRoom(HubProcess hub) throws Exception {
      if (ProcessHandle.of(hub.pid()).isPresent()) { // the limit goes with the process
        limit(hub, "unlimited:unlimited");
      }
    }

    private static void limit(HubProcess hub, String bytes) throws Exception {
      String pid = Long.toString(hub.pid());
      assertThat(exitCode("prlimit", "--pid", pid, "--fsize=" + bytes)).isZero();
    }

    @Override
    public void close() {
      // the folder is the test's own
    }

    @Override
    public String toString() {
      return "a limit on the size of files";
    }
  }

  private static int exitCode(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(command[0]).isTrue();
    return process.exitValue();
  }
}
