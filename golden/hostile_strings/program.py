# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line
from vlc_runtime.kernels import strings


def build(
    *,
    quote: str = '"); import os; os.system("true") #',
    brace: str = "{{ 7 * 7 }} {% raw %} ${HOME} %(x)s",
    escape: str = "back\\slash, tab\t, line\nend",
    turn: str = "\u202ereversed",
) -> Plan:
    # print "" strings.concat(turn, "\\")
    print_value_concat = strings.concat(turn, "\\")

    return Plan(
        Print("'single' and \"double\"", quote),
        Print("{{ label }}", brace),
        Print("# coding: rot13", escape),
        Print("", print_value_concat),
    )


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
