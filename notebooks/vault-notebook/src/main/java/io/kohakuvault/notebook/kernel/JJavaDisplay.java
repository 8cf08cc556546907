package io.kohakuvault.notebook.kernel;

import io.kohakuvault.notebook.Show;
import io.kohakuvault.notebook.internal.Rendered;
import io.kohakuvault.notebook.internal.Screens;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;

/** Teaches JJava to show what {@link Show} knows; JJava finds it on its class path and makes one. */
public final class JJavaDisplay implements Extension {
    /** Where the messages of Jupyter have it; the method for it is not in every release of JJava. */
    private static final String DISPLAY_ID = "display_id";

    /** For JJava. */
    public JJavaDisplay() {}

    @Override
    public void install(BaseKernel kernel) {
        register(kernel.getRenderer());
        Screens.set(new NotebookScreen<>(
                JJavaDisplay::data,
                (id, data) -> {
                    data.putTransientData(DISPLAY_ID, id);
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
