package io.kohakuvault.notebook.internal;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The screen of this JVM: that of the kernel which runs in it. */
public final class Screens {
    private static final AtomicReference<@Nullable Screen> KERNEL = new AtomicReference<>();

    private Screens() {}

    public static void set(Screen screen) {
        KERNEL.set(screen);
    }

    public static Screen current() {
        Screen kernel = KERNEL.get();
        return kernel == null ? Screen.terminal(System.out) : kernel;
    }
}
