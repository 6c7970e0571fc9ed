"""What several functions of Vigie share: contracts, rules, catalogues and stores."""
