"""How a society begins: people, firms and books drawn from sourced figures."""
