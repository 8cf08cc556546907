package io.kohakuvault.notebook.kernel;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.kohakuvault.notebook.Show;
import io.kohakuvault.notebook.internal.Rendered;
import io.kohakuvault.notebook.internal.Screens;

/** Teaches IJava to show what {@link Show} knows. */
public final class IJavaDisplay {
    private IJavaDisplay() {}

    /**
     * Registers with the kernel of this JVM; called by the kernel's startup script.
     *
     * @throws IllegalStateException when none runs
     */
    public static void install() {
        JavaKernel kernel = IJava.getKernelInstance();
        if (kernel == null) {
            throw new IllegalStateException("no IJava kernel runs in this JVM");
        }
        register(kernel.getRenderer());
        Screens.set(new NotebookScreen<>(
                IJavaDisplay::data,
                (id, data) -> {
                    data.setDisplayId(id);
                    kernel.getIO().display.display(data);
                },
                (id, data) -> kernel.getIO().display.updateDisplay(id, data)));
    }

    static void register(Renderer renderer) {
        for (Class<?> type : Shown.TYPES) {
            renderer.createRegistration(type)
                    .preferring(MIMEType.TEXT_HTML)
                    .supporting(MIMEType.TEXT_PLAIN)
                    .register((value, context) -> Shown.render(
                            value,
                            text -> context.renderIfRequested(MIMEType.TEXT_PLAIN, text),
                            html -> context.renderIfRequested(MIMEType.TEXT_HTML, html)));
        }
    }

    private static DisplayData data(Rendered rendered) {
        DisplayData data = new DisplayData(rendered.text());
        data.putHTML(rendered.html());
        return data;
    }
}
