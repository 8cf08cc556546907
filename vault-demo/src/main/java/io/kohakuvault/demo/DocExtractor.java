package io.kohakuvault.demo;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Every documented type and member in {@code -sources.jar} files, read by the JDK's own parser. */
final class DocExtractor {
    private static final int LEAST_WORDS = 4;
    private static final Pattern INLINE_TAG = Pattern.compile("\\{@\\w+\\s+([^{}]*)}");
    private static final Pattern MARKUP = Pattern.compile("<[^<>]{1,80}>");
    private static final Pattern SINCE = Pattern.compile("@since\\s+(\\S+)");

    private DocExtractor() {}

    static List<ApiDoc> extract(Path folder) throws IOException {
        List<ApiDoc> docs = new ArrayList<>();
        List<Path> jars;
        try (Stream<Path> files = Files.list(folder)) {
            jars = files.filter(p -> p.toString().endsWith(".jar")).sorted().toList();
        }
        if (jars.isEmpty()) {
            throw new IOException(folder + " holds no sources; run mvn -Pdemo, which brings them");
        }
        for (Path jar : jars) {
            String name = jar.getFileName().toString().replaceFirst("-\\d.*", "");
            extract(name, jar, docs);
        }
        return docs;
    }

    private static void extract(String library, Path jar, List<ApiDoc> docs) throws IOException {
        List<JavaFileObject> files = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (entry.getName().endsWith(".java") && !entry.getName().endsWith("module-info.java")) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        files.add(
                                new SourceText(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8)));
                    }
                }
            }
        }
        JavacTask task = (JavacTask)
                ToolProvider.getSystemJavaCompiler().getTask(null, null, d -> {}, List.of("-proc:none"), null, files);
        DocTrees trees = DocTrees.instance(task);
        for (CompilationUnitTree unit : task.parse()) {
            new Scanner(library, trees, unit, docs).scan(unit, null);
        }
    }

    private static final class SourceText extends SimpleJavaFileObject {
        private final String text;

        SourceText(String name, String text) {
            super(URI.create("string:///" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final String library;
        private final DocTrees trees;
        private final CompilationUnitTree unit;
        private final List<ApiDoc> docs;
        private final SourcePositions positions;
        private final String text;
        private final ArrayDeque<String> types = new ArrayDeque<>();

        Scanner(String library, DocTrees trees, CompilationUnitTree unit, List<ApiDoc> docs) throws IOException {
            this.library = library;
            this.trees = trees;
            this.unit = unit;
            this.docs = docs;
            this.positions = trees.getSourcePositions();
            this.text = unit.getSourceFile().getCharContent(true).toString();
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void unused) {
            types.addLast(tree.getSimpleName().toString());
            add(null, tree.getKind().name().toLowerCase(Locale.ROOT), tree, tree.getModifiers());
            super.visitClass(tree, null);
            types.removeLast();
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree tree, @Nullable Void unused) {
            boolean constructor = tree.getReturnType() == null;
            String name = constructor ? types.getLast() : tree.getName().toString();
            String parameters = tree.getParameters().stream()
                    .map(p -> String.valueOf(p.getType()))
                    .collect(Collectors.joining(", "));
            add(name + "(" + parameters + ")", constructor ? "constructor" : "method", tree, tree.getModifiers());
            return null; // what stands in a body is no API
        }

        @Override
        public @Nullable Void visitVariable(VariableTree tree, @Nullable Void unused) {
            add(tree.getName().toString(), "field", tree, tree.getModifiers());
            return null;
        }

        private void add(@Nullable String member, String kind, Tree tree, ModifiersTree modifiers) {
            String raw = trees.getDocComment(getCurrentPath());
            if (raw == null) {
                return;
            }
            String comment = clean(raw);
            if (comment.split("\\s+", -1).length < LEAST_WORDS) {
                return;
            }
            Matcher since = SINCE.matcher(raw);
            boolean deprecated = raw.contains("@deprecated")
                    || modifiers.getAnnotations().stream()
                            .anyMatch(a -> a.getAnnotationType().toString().endsWith("Deprecated"));
            String packageName =
                    unit.getPackageName() == null ? "" : unit.getPackageName().toString();
            long start = positions.getStartPosition(unit, tree);
            docs.add(new ApiDoc(
                    library,
                    packageName,
                    (packageName.isEmpty() ? "" : packageName + ".") + String.join(".", types),
                    member,
                    kind,
                    start < 0 ? 0 : (int) unit.getLineMap().getLineNumber(start),
                    deprecated,
                    since.find() ? since.group(1) : null,
                    comment,
                    source(tree, member == null)));
        }

        /** A member whole; of a type the declaration alone, for its members come by themselves. */
        private String source(Tree tree, boolean type) {
            long start = positions.getStartPosition(unit, tree);
            long end = positions.getEndPosition(unit, tree);
            if (start < 0 || end < start) {
                return tree.toString();
            }
            String source = text.substring((int) start, (int) end);
            int brace = source.indexOf('{');
            return type && brace > 0 ? source.substring(0, brace).strip() : source;
        }

        private static String clean(String raw) {
            String text = raw;
            for (int i = 0; i < 3; i++) {
                text = INLINE_TAG.matcher(text).replaceAll("$1"); // tags nest
            }
            return MARKUP.matcher(text)
                    .replaceAll(" ")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&amp;", "&")
                    .replaceAll("\\s+", " ")
                    .strip();
        }
    }
}
