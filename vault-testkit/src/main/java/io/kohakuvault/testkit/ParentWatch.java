package io.kohakuvault.testkit;

import java.lang.reflect.Method;
import java.util.Arrays;

/** Runs another main class and ends this JVM when its parent process is gone, so that a kill of the parent leaves nothing behind. */
public final class ParentWatch {
    private ParentWatch() {}

    /** @param args the main class, then its arguments */
    public static void main(String[] args) throws ReflectiveOperationException {
        ProcessHandle.current()
                .parent()
                .ifPresentOrElse(
                        parent -> parent.onExit()
                                .thenRun(() -> Runtime.getRuntime().halt(137)),
                        () -> Runtime.getRuntime().halt(137));
        Method main = Class.forName(args[0]).getMethod("main", String[].class);
        main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    }
}
