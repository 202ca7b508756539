package dev.carillon.testkit;

/** A peer that can go down and come back, as another process does. */
public interface RemotePeer extends SinkPeer {

  /** Goes down at once, without farewell; what it acknowledged it still has when it is back. */
  void stop();

  /** Comes back under the same address. Does nothing if it is up. */
  void start();
}
