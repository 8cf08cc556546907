package io.kohakuvault.arrow;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrow reads addresses of direct buffers through java.nio's internals, and Netty, which allocates for it, needs
 * Unsafe. Where a flag is missing, their own failure is a static initialiser that fails once and leaves the class
 * unusable: so this looks first.
 */
final class JvmFlags {
    private static final int UNSAFE_RESTRICTED_SINCE = 24;

    private JvmFlags() {}

    static void check() {
        List<String> missing = new ArrayList<>();
        if (!ByteBuffer.class.getModule().isOpen("java.nio", JvmFlags.class.getModule())) {
            missing.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
        }
        if (Runtime.version().feature() >= UNSAFE_RESTRICTED_SINCE
                && !"false".equals(System.getProperty("io.netty.noUnsafe"))
                && !"Unsafe".equals(System.getProperty("arrow.allocation.manager.type"))
                && ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .noneMatch(a -> a.equals("--sun-misc-unsafe-memory-access=allow"))) {
            missing.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "start the JVM with " + String.join(" ", missing) + ": Arrow needs it on this JDK");
        }
    }
}
