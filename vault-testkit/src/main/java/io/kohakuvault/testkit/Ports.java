package io.kohakuvault.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports of the loopback interface, for servers that must know theirs before they start. They are chosen outside of
 * the range that systems take the ports of outgoing connections from (32768 and up on Linux, 49152 and up elsewhere):
 * in the seconds until the server listens, such a connection of any process could otherwise take the port away.
 */
final class Ports {
    private static final int LEAST = 20_000;
    private static final int BELOW = 32_000;
    private static final int TRIES = 100;

    private Ports() {}

    static int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LEAST, BELOW);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Taken: another one.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("no free port found from " + LEAST + " to " + BELOW);
    }
}
