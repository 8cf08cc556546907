package io.kohakuvault.notebook.kernel;

import io.kohakuvault.notebook.Show;
import io.kohakuvault.notebook.View;
import io.kohakuvault.notebook.internal.Rendered;
import io.kohakuvault.notebook.internal.Screen;
import io.kohakuvault.notebook.internal.Screens;
import java.util.UUID;
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
        Shown.TYPES.forEach(type -> register(kernel.getRenderer(), type));
        Screens.set(new Screen() {
            @Override
            public String show(Rendered first) {
                String id = UUID.randomUUID().toString();
                DisplayData data = data(View.of(first.html(), first.text()));
                data.putTransientData(DISPLAY_ID, id);
                kernel.getIO().display.display(data);
                return id;
            }

            @Override
            public void update(String id, Rendered next) {
                kernel.getIO().display.updateDisplay(id, data(View.of(next.html(), next.text())));
            }
        });
    }

    private static <T> void register(Renderer renderer, Class<T> type) {
        renderer.createRegistration(type)
                .preferring(MIMEType.TEXT_HTML)
                .supporting(MIMEType.TEXT_PLAIN)
                .register((value, context) -> {
                    // A result of SQL can be read once: the HTML and the text are of one view.
                    View view = Show.known(value).orElseGet(() -> Shown.plain(value));
                    context.renderIfRequested(MIMEType.TEXT_PLAIN, view::text);
                    if (!view.html().isEmpty()) {
                        context.renderIfRequested(MIMEType.TEXT_HTML, view::html);
                    }
                });
    }

    private static DisplayData data(View view) {
        DisplayData data = new DisplayData(view.text());
        data.putHTML(view.html());
        return data;
    }
}
