package dev.carillon.testkit;

import java.io.IOException;

/** Tries the kits themselves, on a small service whose peer goes down and hangs as told. */
class HttpSinkTest extends RemoteSinkContract {

  @Override
  protected RemotePeer openPeer() throws IOException {
    return new HttpPeer();
  }
}
