package io.kohakuvault.cli;

import io.kohakuvault.VaultException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command: its subcommands do the work, this says what went wrong in one line. */
@Command(
        name = "vault",
        mixinStandardHelpOptions = true,
        version = "vault 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Looks into, fills and looks after KohakuVault files: one SQLite file with key-values, columns, tables, documents and vectors.",
            ""
        },
        footer = {
            "",
            "Begin with 'vault info FILE'. Every command explains itself: 'vault COMMAND --help'.",
            "Exit codes: 0 done, 1 failed or found something wrong, 2 called wrongly.",
            "Completion for this shell: source <(vault generate-completion)"
        },
        subcommands = {
            InfoCommand.class,
            ListCommand.class,
            HeadCommand.class,
            GetCommand.class,
            PutCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            UpkeepCommands.Migrate.class,
            UpkeepCommands.Verify.class,
            UpkeepCommands.Repair.class,
            UpkeepCommands.Compact.class,
            UpkeepCommands.Backup.class,
            DumpCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        })
public final class VaultCommand {
    /** Runs a command line and ends the process with its exit code. */
    public static void main(String[] args) {
        // What a library logs below a warning is nobody's business here.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        System.exit(commandLine().execute(args));
    }

    /** The command with its ways to say what went wrong. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new VaultCommand());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionStrategy(parsed -> {
            int exit = new CommandLine.RunLast().execute(parsed);
            if (commandLine.getOut().checkError() | System.out.checkError()) {
                commandLine.getErr().println("vault: the output could not be written");
                return 1;
            }
            return exit;
        });
        commandLine.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println("vault " + command.getCommandName() + ": " + message(e));
            return 1;
        });
        commandLine.setParameterExceptionHandler((e, args) -> {
            PrintWriter err = e.getCommandLine().getErr();
            err.println("vault: " + oneLine(e.getMessage()) + " (see '"
                    + e.getCommandLine().getCommandSpec().qualifiedName() + " --help')");
            return 2;
        });
        return commandLine;
    }

    private static String message(Exception e) throws Exception {
        if (e instanceof VaultException
                || e instanceof IllegalArgumentException
                || e instanceof IllegalStateException
                || e instanceof IndexOutOfBoundsException
                || e instanceof NoSuchElementException
                || e instanceof UnsupportedOperationException
                || e instanceof CancellationException
                || e instanceof IOException) {
            if (e instanceof NoSuchFileException missing) {
                return missing.getFile() + ": no such file or folder";
            } else if (e instanceof AccessDeniedException denied) {
                return denied.getFile() + ": access denied";
            }
            return oneLine(
                    e instanceof IOException && !e.getClass().getName().startsWith("com.fasterxml")
                            ? e.toString()
                            : e.getMessage());
        }
        throw e; // a fault of this program: with its stack
    }

    private static String oneLine(String text) {
        return String.valueOf(text)
                .lines()
                .map(String::strip)
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }
}
