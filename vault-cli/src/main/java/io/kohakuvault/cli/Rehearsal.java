package io.kohakuvault.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * What the script that starts the command runs once, so that the JVM makes an archive of the classes that it needs: the
 * usual commands on a small file. Leaves SQLite's native library, which its driver unpacks and deletes again, in the
 * folder.
 */
public final class Rehearsal {
    private Rehearsal() {}

    /**
     * Plays.
     *
     * @param args a folder, which is also where SQLite's driver unpacks its library
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Path work = Files.createTempDirectory(folder, "rehearsal");
        try {
            play(work);
            keepLibrary(folder);
        } finally {
            try (Stream<Path> left = Files.walk(work)) {
                for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void play(Path work) throws IOException {
        Path csv = Files.writeString(
                work.resolve("a.csv"),
                "i,d,s,t,b\n1,0.5,text,2024-01-02T03:04:05Z,true\n2,0.14285714285714285,\"a, b\",,false\n");
        Path jsonl = Files.writeString(work.resolve("a.jsonl"), "{\"l\":[1,2.5],\"m\":{\"k\":\"v\"},\"s\":\"text\"}\n");
        String file = work.resolve("a.db").toString();
        for (List<String> line : List.of(
                List.of("put", file, "k", "v"),
                List.of("put", file, "j", "--json", "{\"a\":[1,2.5,null]}"),
                List.of("get", file, "k"),
                List.of("get", file, "j"),
                List.of("import", file, "t", csv.toString()),
                List.of("import", file, "u", jsonl.toString()),
                List.of("import", work.resolve("b.db").toString(), "t", csv.toString()),
                List.of("export", file, "t", "--where", "i>1"),
                List.of("export", file, "u", "--format", "jsonl"),
                List.of("ls", file, "-a"),
                List.of("head", file, "t"),
                List.of("schema", file),
                List.of("info", file),
                List.of("verify", file),
                List.of("dump", file, "--json"),
                List.of("add", file, "docs", "some text", "--value", "v"),
                List.of("add", file, "vecs", "--vector", "[0.5,1]", "--value", "v"),
                List.of("search", file, "docs", "text", "--with", "vecs", "--like", "1"),
                List.of("rm", file, "k"),
                List.of("nothing"),
                List.of("--help"))) {
            CommandLine command = VaultCommand.commandLine(line.get(0));
            PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
            command.setOut(nowhere).setErr(nowhere);
            command.execute(line.toArray(String[]::new));
        }
    }

    private static void keepLibrary(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path unpacked : files.toList()) {
                String name = unpacked.getFileName().toString();
                if (name.startsWith("sqlite-") && name.endsWith(System.mapLibraryName("sqlitejdbc"))) {
                    Files.copy(unpacked, folder.resolve(System.mapLibraryName("sqlitejdbc")));
                    return;
                }
            }
        }
    }
}
