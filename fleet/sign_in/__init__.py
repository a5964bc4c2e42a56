"""How people enter: tries that are counted, second steps, sessions that are told and ended, an outside provider."""
