"""Before the dossier: ideas with their registration slips, business plans, roadmaps of potential products."""
