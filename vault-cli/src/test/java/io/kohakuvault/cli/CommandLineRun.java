package io.kohakuvault.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import picocli.CommandLine;

/** What a command line did in this process. */
record CommandLineRun(int exit, String out, String err) {
    static CommandLineRun of(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = VaultCommand.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exit = command.execute(Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
        return new CommandLineRun(exit, out.toString(), err.toString());
    }
}
