package io.kohakuvault.testkit;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * Runs another main class and ends this JVM when its parent process is gone, so that a kill of the parent leaves
 * nothing behind.
 */
public final class ParentWatch {
    /** The system property that holds the process id of the parent, where the parent knows it. */
    static final String PARENT_PID = "vault.parent.pid";

    private ParentWatch() {}

    /**
     * Runs it.
     *
     * @param args the main class, then its arguments
     */
    public static void main(String[] args) throws ReflectiveOperationException {
        String parent = System.getProperty(PARENT_PID);
        long actual = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L);
        if (parent != null && Long.parseLong(parent) != actual) {
            Runtime.getRuntime().halt(137); // the parent was gone before this class was loaded
        }
        Optional<ProcessHandle> watched = ProcessHandle.current().parent();
        if (watched.isEmpty()) {
            Runtime.getRuntime().halt(137);
        }
        Future<?> unused =
                watched.get().onExit().thenRun(() -> Runtime.getRuntime().halt(137));
        Method main = Class.forName(args[0]).getMethod("main", String[].class);
        main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    }
}
