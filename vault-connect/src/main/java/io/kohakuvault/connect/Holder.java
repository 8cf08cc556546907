package io.kohakuvault.connect;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this process in files that it writes. */
final class Holder {
    static final String NAME = host() + ":" + ProcessHandle.current().pid();

    private Holder() {}

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "_");
        } catch (UnknownHostException e) {
            return "unknown-host";
        }
    }
}
