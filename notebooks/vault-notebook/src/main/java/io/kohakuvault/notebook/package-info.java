/**
 * What a vault holds, for people to look at: HTML in the Java kernels of Jupyter (IJava, JJava), text in jshell. In a
 * notebook the value of a cell is enough; elsewhere {@link io.kohakuvault.notebook.Show} makes a {@link
 * io.kohakuvault.notebook.View} of it.
 *
 * <pre>{@code
 * System.out.println(Show.of(vault)); // what is in the file
 * System.out.println(Show.table(vault.tables().get("runs"), "ts", "loss"));
 * System.out.println(Show.search(vault.text("docs"), TextQuery.any("machine learning"), 5));
 * View chart = Chart.of(vault.tables().get("runs")).title("Training").lines("ts", "loss [nats]");
 * Files.writeString(Path.of("loss.html"), chart.html());
 * }</pre>
 */
@NullMarked
package io.kohakuvault.notebook;

import org.jspecify.annotations.NullMarked;
